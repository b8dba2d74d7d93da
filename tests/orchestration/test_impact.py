"""Impact (DESIGN 6, R49): what a change of a rule does to the leads is on the page before it is merged."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.impact.sides import day_of_change, why_whole
from orchestration.impact.worktree import BaseError, commit_of, default_base, worktree

ROOT = Path(__file__).resolve().parents[2]
FIT_RULES = "seeds/rules/scoring/rule_scoring__fit.csv"
ROW = "FIT-091,2000-01-01,active,job_level,c_level,12,12,"


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def repository(folder: Path) -> Path:
    """This project as a repository of one commit."""
    skip = shutil.ignore_patterns("__pycache__", "target", "logs")
    for name in ("dbt_project", "orchestration", "seeds", "connections"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "as it is")
    return folder


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, (path, before)
    path.write_text(text.replace(before, after), encoding="utf-8")


@dataclass(frozen=True)
class Seen:
    """A page, the command that made it, and the state that it must have left alone."""

    run: subprocess.CompletedProcess[str]
    house: Any
    repo: Path
    page: Path
    untouched: bool


def states(house: Any) -> dict[str, int]:
    files = [
        house.home / "warehouse.duckdb",
        *(house.home / "serving").rglob("*"),
        *(house.home / "lake").rglob("*"),
    ]
    return {str(path): path.stat().st_mtime_ns for path in files if path.is_file()}


@pytest.fixture(scope="module")
def seen(published, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """In the base a managing director is worth 60 points, in the working tree 12 (as published)."""
    folder = tmp_path_factory.mktemp("impact")
    house, repo = published.house.copy(folder), repository(folder / "repo")
    edit(repo / FIT_RULES, ROW, ROW.replace("12,12", "60,60"))
    git(repo, "commit", "--quiet", "--all", "--message", "generous")
    edit(repo / FIT_RULES, ROW.replace("12,12", "60,60"), ROW)
    page = folder / "out" / "page.md"
    env = os.environ | {"LEADHOUSE_HOME": str(house.home), "PYTHONPATH": str(repo)}
    before = states(house)
    command = [sys.executable, "-m", "orchestration", "impact", "--base", "main", "--out", str(page)]
    run = subprocess.run(command, env=env, cwd=repo, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return Seen(run, house, repo, page, before == states(house))


@pytest.mark.slow
def test_the_page_says_what_a_hand_count_says(seen: Seen) -> None:
    """48 points of fit less, which weighs 35 of 100: 16.8 points less, 33.3 (band C) becomes 16.5 (band D)."""
    page = seen.page.read_text(encoding="utf-8")
    assert page.startswith("<!-- leadhouse-impact -->")
    assert "Of **2** leads **1 change band**" in page
    assert "| `FIT-091@2000-01-01` C-level or owner | changed | points 60 → 12, group_cap 60 → 12 |" in page
    assert "| C | D | 1 | b2b |" in page
    with duckdb.connect(str(seen.house.serving), read_only=True) as con:
        lead = con.execute("select lead_id from marts.dim_leads where person_name = '张伟'").fetchone()[0]
    mover = "| `{}` | 33 → 17 | C → D | -16.800 | FIT-091 C-level or owner | -16.800 |"
    assert mover.format(lead) in page
    assert "Of 2 leads 1 change band" in seen.run.stdout
    with duckdb.connect() as con:
        rows = con.execute(
            "select lead_id, change_milli from read_parquet(?) where is_band",
            [str(seen.page.with_suffix(".parquet"))],
        ).fetchall()
    assert rows == [(lead, -16800)]


@pytest.mark.slow
def test_it_builds_only_what_the_change_reaches_and_publishes_nothing(seen: Seen) -> None:
    page = seen.page.read_text(encoding="utf-8")
    assert "Head: as the last run built it." in page
    assert "the others taken from the head" in page
    assert seen.untouched
    assert git(seen.repo, "worktree", "list").count("\n") == 1
    assert not (seen.house.home / "impact" / "work").exists()


@pytest.mark.slow
def test_the_page_names_no_person(seen: Seen) -> None:
    """It is posted where everybody reads: the id is enough, `leadhouse explain` tells the rest."""
    html = seen.page.with_suffix(".html").read_text(encoding="utf-8")
    assert "<h1>Impact on the leads</h1>" in html and "16.800" in html
    for text in (html, seen.page.read_text(encoding="utf-8")):
        assert "张伟" not in text and "qiming" not in text


def test_a_worktree_is_gone_after_an_interruption(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    repo.mkdir()
    git(repo, "init", "--quiet", "--initial-branch", "main")
    git(repo, "commit", "--quiet", "--allow-empty", "--message", "first")
    assert default_base(repo) == "main"
    with pytest.raises(KeyboardInterrupt), worktree(repo, commit_of(repo, "main")) as tree:
        assert (tree / ".git").exists()
        raise KeyboardInterrupt
    assert not tree.exists()
    assert git(repo, "worktree", "list").count("\n") == 1
    with pytest.raises(BaseError, match="Git does not know 'elsewhere'"):
        commit_of(repo, "elsewhere")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ("seeds/rules/scoring/rule_scoring__fit.csv", ""),
        ("dbt_project/models/scoring/int_scoring__fit_points.sql", ""),
        ("dbt_project/dbt_project.yml", "dbt_project/dbt_project.yml differs"),
        ("dbt_project/macros/rules/active_on.sql", "dbt_project/macros/rules/active_on.sql differs"),
        (
            "dbt_project/models/staging/_raw__sources.yml",
            "dbt_project/models/staging/_raw__sources.yml differs",
        ),
        ("seeds/rules/scoring/_scoring__rules.yml", "seeds/rules/scoring/_scoring__rules.yml differs"),
    ],
)
def test_tables_are_shared_only_where_that_is_safe(tmp_path: Path, changed: str, reason: str) -> None:
    """What shapes every model, or is read at compile time, makes the base a whole build."""
    for name in ("dbt_project", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("target", "logs"))
    with (tmp_path / changed).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")

    class House:
        project_dir, seeds_dir = ROOT / "dbt_project", ROOT / "seeds"

    assert why_whole(House, tmp_path, tmp_path / "seeds") == reason


@pytest.mark.parametrize(
    ("row", "day"),
    [
        (f"{ROW.replace('2000-01-01', '2026-12-01')}x,x,x,x,x", date(2026, 12, 1)),
        (f"{ROW.replace('2000-01-01', '2026-03-01')}x,x,x,x,x", None),
        ("", None),
    ],
)
def test_a_row_that_begins_later_is_shown_as_if_it_held(tmp_path: Path, row: str, day: date | None) -> None:
    """A change is appended with a later valid_from; at the day-end itself it would show nothing (DESIGN 2)."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    path = tmp_path / FIT_RULES
    path.write_text(f"{path.read_text(encoding='utf-8').rstrip()}\n{row}\n", encoding="utf-8")
    assert day_of_change(ROOT / "seeds", tmp_path / "seeds", date(2026, 3, 1)) == day
