"""Replay (DESIGN 3, R45): a published day comes out of the lake again bit for bit, or the reason is named."""

from __future__ import annotations

import io
import json
import re
import subprocess
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.publishing.manifest import Publication, publication_of
from orchestration.replay.differences import Difference
from orchestration.replay.replay import PastDay, Replay
from orchestration.replay.tell import tell_replay
from orchestration.rules.archive import NoArchiveError, restore_files
from orchestration.rules.fingerprint import ruleset_hash
from orchestration.warehouse.fingerprints import Fingerprint

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-02-28"
FIT_RULES = "rule_scoring__fit.csv"


@dataclass(frozen=True)
class Replayed:
    """A house two days on, with the first day's publication and what two replays of it said."""

    house: Any
    published: Publication
    later_run: subprocess.CompletedProcess[str]
    serving_before: dict[str, int]
    serving_after: dict[str, int]
    with_published_rules: subprocess.CompletedProcess[str]
    explained: subprocess.CompletedProcess[str]
    with_other_rules: subprocess.CompletedProcess[str]


def serving_files(house: Any) -> dict[str, int]:
    files = [house.home / "warehouse.duckdb", *(house.home / "serving").rglob("*")]
    return {str(path): path.stat().st_mtime_ns for path in files if path.is_file()}


@pytest.fixture(scope="module")
def replayed(published, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    folder = tmp_path_factory.mktemp("replayed")
    house = published.house.copy(folder)
    day_one = publication_of(house.home, date.fromisoformat(DAY))
    # What comes later: a promotion taken back, a lead that is gone, a new one, and a file that nobody can read.
    delivered = (house.home / "landing" / "crm" / "leads_2026-03-02.csv").read_text(encoding="utf-8")
    first, _, third = delivered.splitlines(keepends=True)[1:]
    house.deliver("2026-03-03", first.replace("总经理", "总经理助理"), third.replace("Acme", "Acme Tools"))
    (house.home / "landing" / "crm" / "leads_2026-03-05.csv").write_bytes(b"")
    later = house.leadhouse("run", "--strict")
    assert later.returncode == 3, later.stdout + later.stderr

    # A managing director is worth 6 instead of 12 points from 15 March on.
    own = folder / "own_rules"
    own.mkdir()
    text = (ROOT / "seeds" / "rules" / "scoring" / FIT_RULES).read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("FIT-091,2000-01-01,"))
    changed = row.replace("FIT-091,2000-01-01,", "FIT-091,2026-03-15,").replace(",12,", ",6,", 1)
    (own / FIT_RULES).write_text(f"{text.rstrip()}\n{changed}\n", encoding="utf-8")

    before = serving_files(house)
    same = house.leadhouse("replay", "--as-of", DAY, "--rules", str(own), "--published-rules")
    explained = house.leadhouse("explain", "zhang@qiming-tech.cn", "--on", DAY, "--lang", "zh")
    # As if the day had been published by other code, with another cut-off, from one more delivery.
    path = house.home / "serving" / "manifests" / f"{DAY}.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    values["code_hash"], values["git_commit"] = "0123456789abcdef", "fedcba9876543210"
    values["settings"]["cutoff_hour"] = 5
    values["deliveries"].append("zz_gone")
    original = path.read_text(encoding="utf-8")
    after = serving_files(house)
    path.write_text(json.dumps(values), encoding="utf-8")
    other = house.leadhouse(
        "replay", "--as-of", DAY, "--rules", str(own), "--rules-as-of", "2026-03-15", "--threads", "1"
    )
    path.write_text(original, encoding="utf-8")
    return Replayed(house, day_one, later, before, after, same, explained, other)


def test_new_deliveries_are_computed_and_a_bad_one_is_named(replayed: Replayed) -> None:
    assert "leads_2026-03-05.csv failed" in replayed.later_run.stdout
    with duckdb.connect(str(replayed.house.serving), read_only=True) as con:
        days = con.execute("select as_of_date::varchar from marts.published_day_ends order by 1").fetchall()
    assert days[0] == (DAY,) and len(days) == 2
    asked = replayed.house.leadhouse("explain", "zhang@qiming-tech.cn", "--lang", "zh")
    assert asked.returncode == 0 and "张伟" in asked.stdout, asked.stdout + asked.stderr


def test_later_deliveries_and_later_rules_change_nothing(replayed: Replayed) -> None:
    run = replayed.with_published_rules
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"fingerprint {replayed.published.fingerprint}" in run.stdout
    assert f"equal: all {len(replayed.published.marts)} marts" in run.stdout
    assert "because" not in run.stdout and "deliveries:" not in run.stdout


def test_a_lead_is_told_as_it_was_on_a_past_day(replayed: Replayed) -> None:
    """R45: title, points and touches of the day, from the replay that stands already; today the title is another."""
    told = replayed.explained
    assert told.returncode == 0, told.stdout + told.stderr
    assert "张伟" in told.stdout and DAY in told.stdout
    assert "总经理" in told.stdout and "总经理助理" not in told.stdout
    assert "replay" not in told.stdout, "built again although an equal replay stood"


def test_a_day_that_comes_out_differently_is_told_with_a_warning(
    replayed: Replayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R45: what the reader sees is then not what was published, and the page says so before it says anything else."""
    database = replayed.house.home / "replay" / DAY / "warehouse.duckdb"
    monkeypatch.setenv("LEADHOUSE_HOME", str(replayed.house.home))
    monkeypatch.setattr(
        "orchestration.replay.replay.past_day", lambda house, as_of: PastDay(database, ("fct_lead_scores",))
    )
    told = CliRunner().invoke(app, ["explain", "zhang@qiming-tech.cn", "--on", DAY, "--lang", "zh"])
    assert told.exit_code == 0, told.output
    warning, story = told.output.index(f"! {DAY} does not come out as it was published"), told.output.index("张伟")
    assert warning < story and "fct_lead_scores differ" in told.output


def test_a_day_that_was_never_published_cannot_be_told(replayed: Replayed) -> None:
    asked = replayed.house.leadhouse("explain", "zhang@qiming-tech.cn", "--on", "2025-01-01")
    assert asked.returncode == 1
    assert "Day-end 2025-01-01 was never published" in asked.stdout + asked.stderr


def test_nothing_published_is_touched(replayed: Replayed) -> None:
    assert replayed.serving_before == replayed.serving_after


def test_each_input_that_differs_is_named(replayed: Replayed) -> None:
    run = replayed.with_other_rules
    assert run.returncode == 4, run.stdout + run.stderr
    assert "settings: cutoff_hour was 5, is 6" in run.stdout
    assert re.search(r"code: 0123456789abcdef then, [0-9a-f]{16} now \(commit fedcba98, now", run.stdout)
    assert "rules: 1 rule versions: FIT-091@2026-03-15 added" in run.stdout
    assert "deliveries: 1 that it was made from are no longer in the lake: zz_gone" in run.stdout
    assert "defect" not in run.stdout


def test_a_rule_of_a_later_day_changes_no_number_of_the_day(replayed: Replayed) -> None:
    """Only the list of rules itself is longer: scores of a past day keep the rules of the day (R49)."""
    differing = re.findall(r"^  ([a-z_0-9]+): \d+ rows then", replayed.with_other_rules.stdout, re.MULTILINE)
    assert differing == ["dim_rules"]


def test_what_would_have_been_with_the_rules_of_another_date(replayed: Replayed) -> None:
    """6 instead of 12 points of fit, which weighs 35 of 100: 2.1 points less, 17 becomes 14; nobody else moves."""
    said = replayed.with_other_rules.stdout
    assert "With the rules of 2026-03-15, of 2 leads:" in said
    assert "points: 1, displayed score: 1, band: 0" in said
    folder = replayed.house.home / "replay" / DAY / "rules-2026-03-15"
    with duckdb.connect() as con:
        rows = con.execute(
            "select person_name, before_score, after_score, change_milli from read_parquet(?) where is_score",
            [str(folder / "changed_leads.parquet")],
        ).fetchall()
    assert rows == [("张伟", 17, 14, -2100)]
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        used = con.execute(
            "select rule_key, points_milli from marts.fct_score_contributions where rule_id = 'FIT-091'"
        ).fetchall()
    assert used == [("FIT-091@2026-03-15", 6000)]


def test_a_day_that_was_never_published_is_said_so(published) -> None:
    run = published.house.leadhouse("replay", "--as-of", "2026-01-31")
    assert run.returncode == 1
    assert "2026-01-31 was never published" in run.stdout and DAY in run.stdout


def test_the_record_of_alerts_outlives_the_warehouse(replayed: Replayed, tmp_path: Path) -> None:
    """R44: the ids of alerts come from days that no build computes any more, so what was published of them is taken over."""
    house = replayed.house.copy(tmp_path)
    record = "select * from marts.fct_alert_days order by all"
    with duckdb.connect(str(house.serving), read_only=True) as con:
        before = con.execute(record).fetchall()
        days = [row[0] for row in con.execute("select distinct as_of_date from marts.rpt_band_shares order by 1").fetchall()]
    last = publication_of(house.home, days[-1])
    assert days[0] == date.fromisoformat(DAY) - timedelta(days=int(last.inputs.settings["history_days"]))
    assert (days[-1] - days[0]).days > int(last.inputs.settings["history_days"])
    (house.home / "warehouse.duckdb").unlink()
    run = house.leadhouse("run", "--full")
    assert run.returncode == 0, run.stdout + run.stderr
    with duckdb.connect(str(house.serving), read_only=True) as con:
        assert con.execute(record).fetchall() == before
    # That a replay is given the record too is shown by tests/proof, day after day.
    assert publication_of(house.home, days[-1]).fingerprint == last.fingerprint


def test_a_difference_without_a_reason_is_called_a_defect(published) -> None:
    day = publication_of(published.house.home, date.fromisoformat(DAY))
    now = replace(day.marts["fct_lead_scores"], digest=1)
    differing = Replay(day, Path("x"), "f" * 16, [], {"fct_lead_scores": (day.marts["fct_lead_scores"], now)})
    assert "this is a defect" in told(differing)
    explained = replace(differing, differences=[Difference("code", "a then, b now")])
    assert "defect" not in told(explained)
    harmless = replace(differing, marts={}, differences=[Difference("code", "a then, b now")])
    assert "nothing in the marts depends on it" in told(harmless)


def told(result: Replay) -> str:
    out = io.StringIO()
    tell_replay(Console(file=out, width=200), result)
    return out.getvalue()


def test_the_rules_of_a_day_are_archived_whole(published, tmp_path: Path) -> None:
    archive = published.house.home / "serving" / "rules"
    wanted = ruleset_hash(ROOT / "seeds")
    restored = restore_files(archive, wanted, tmp_path / "rules")
    assert ruleset_hash(restored) == wanted
    assert {path.name for path in restored.rglob("*.yml")} == {
        path.name for path in (ROOT / "seeds").rglob("*.yml")
    }
    with pytest.raises(NoArchiveError, match="are not in"):
        restore_files(archive, "0" * 64, tmp_path / "none")


def test_a_fingerprint_is_that_of_the_day_alone(published) -> None:
    """A mart that keeps earlier day-ends has the fingerprint of its newest one, however many lie before it."""
    day = publication_of(published.house.home, date.fromisoformat(DAY))
    with duckdb.connect(str(published.house.serving), read_only=True) as con:
        rows, of_the_day = con.execute(
            "select count(*), count(*) filter (where as_of_date = ?) from marts.rpt_quality_daily", [DAY]
        ).fetchone()
    assert isinstance(day.marts["rpt_quality_daily"], Fingerprint)
    assert day.marts["rpt_quality_daily"].rows == of_the_day < rows
