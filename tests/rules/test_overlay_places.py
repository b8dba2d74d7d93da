"""A mistake in own rules is named where its author wrote it, not where the rules were laid together."""

from __future__ import annotations

from pathlib import Path

from orchestration.house import House
from orchestration.preflight import require_rules
from orchestration.rules.overlay import written_at

ROOT = Path(__file__).resolve().parents[2]
LEVELS = "rule_tagging__job_level.csv"


def findings(tmp_path: Path, monkeypatch, name: str, *rows: str) -> list[str]:
    default = next((ROOT / "seeds").rglob(name))
    header = default.read_text("utf-8").partition("\n")[0]
    own = tmp_path / "own" / name
    own.parent.mkdir()
    own.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    monkeypatch.setenv("LEADHOUSE_HOME", str(tmp_path / "home"))
    try:
        require_rules(House.default(rules=own.parent))
    except Exception as error:
        return [str(finding) for finding in error.findings]
    return []


def test_a_replaced_file_is_named_with_its_own_line(tmp_path, monkeypatch):
    row = "TAG-900,2000-01-01,active,job_title,10,regex,(总监|经理,,,job_level,director,总监,Director,me,because,"
    default = next((ROOT / "seeds").rglob(LEVELS)).read_text("utf-8").splitlines()
    assert row.count(",") == default[0].count(",")
    said = findings(tmp_path, monkeypatch, LEVELS, row)
    assert any(f"{tmp_path}/own/{LEVELS}:2: argument" in line and "does not compile" in line for line in said), said


def test_added_rows_count_from_their_own_header(tmp_path, monkeypatch):
    said = findings(tmp_path, monkeypatch, "vocabulary_terms.csv", "job_level,fine,很好,Fine", "job_level,Not A Code,不好,Bad")
    assert any(f"{tmp_path}/own/vocabulary_terms.csv:3: code" in line for line in said), said


def test_default_rows_keep_their_place(tmp_path):
    seeds = ROOT / "seeds"
    path = next(seeds.rglob(LEVELS))
    assert written_at(tmp_path / LEVELS, 7, None, seeds) == (path, 7)
