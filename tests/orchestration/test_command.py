"""The command on a small house: what it does, says and ends with."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.lock import house_lock
from orchestration.warehouse.day_ends import LakeState, Settings, last_complete_day_end
from orchestration.warehouse.dbt import Dbt

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"

pytestmark = pytest.mark.slow


def fingerprint_of(output: str) -> str:
    return re.search(r"Fingerprint +([0-9a-f]{16})", output).group(1)


def receipts(home) -> int:
    pattern = str(home / "lake" / "receipts" / "*" / "*.parquet")
    with duckdb.connect() as con:
        return con.execute(
            "select count(*) from read_parquet(?, union_by_name = true)", [pattern]
        ).fetchone()[0]


def test_the_first_run_publishes_and_tells(published) -> None:
    run, home = published.first_run, published.house.home
    assert run.returncode == 0, run.stdout + run.stderr
    for word in (
        "Records by fate",
        "B2B leads by band",
        "of the queue",
        "Open alerts",
        "quality_report.zh.html",
    ):
        assert word in run.stdout
    assert re.search(r"crm_leads +1 +2 ", run.stdout), run.stdout
    manifest = json.loads((home / "serving" / "published.json").read_text())
    # Known on 2 March at midnight in Shanghai: the day-end of the 28th is the last one that is complete.
    assert manifest["as_of_date"] == "2026-02-28"
    assert manifest["known_until_at"] == "2026-02-28T22:00:00Z"
    assert fingerprint_of(run.stdout) == manifest["fingerprint"]
    with duckdb.connect(str(published.house.serving), read_only=True) as con:
        assert con.execute("select count(*) from marts.fct_lead_scores").fetchone() == (2,)
        described = (
            "select count(*) from duckdb_columns() where schema_name = 'marts' and comment is not null"
        )
        assert con.execute(described).fetchone()[0] > 100


def test_a_second_run_with_nothing_new_computes_nothing(published) -> None:
    house = published.house
    files = [house.home / "warehouse.duckdb", house.serving, house.home / "serving" / "published.json"]
    before = [path.stat().st_mtime_ns for path in files]
    logged = receipts(house.home)
    run = house.leadhouse("run")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Nothing new" in run.stdout
    assert "build" not in run.stdout
    assert [path.stat().st_mtime_ns for path in files] == before
    assert receipts(house.home) == logged + 2
    assert fingerprint_of(run.stdout) == fingerprint_of(published.first_run.stdout)


def test_a_taken_lock_is_named(house) -> None:
    with house_lock(house.home, "a test"):
        run = house.leadhouse("run")
    assert run.returncode == 4
    assert f"process {os.getpid()} (a test, since" in run.stdout
    assert not (house.home / "lake").exists()


def test_check_names_file_line_and_remedy(house) -> None:
    assert house.leadhouse("check").returncode == 0
    path = house.connections / "crm_leads.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("feed: crm_leads", "feed: crm_lead"), encoding="utf-8"
    )
    run = house.leadhouse("check")
    assert run.returncode == 1
    assert re.search(r"crm_leads\.yml:2: .*crm_lead.* → .*crm_leads", run.stdout), run.stdout
    assert "1 mistake to mend" in run.stdout


def test_a_mistake_in_a_connection_stops_the_run_before_it_starts(published, tmp_path) -> None:
    house = published.house.copy(tmp_path)
    (house.connections / "more.yml").write_text(
        "system: crm\nfeed: crm_leads\npath: x.csv\ndelivry: events\n"
    )
    before = house.serving.stat().st_mtime_ns
    run = house.leadhouse("run")
    assert run.returncode == 1
    assert "more.yml:4" in run.stdout and "nothing was started" in run.stdout
    assert house.serving.stat().st_mtime_ns == before


def test_without_deliveries_there_is_nothing_to_compute(house) -> None:
    for path in (house.home / "landing" / "crm").iterdir():
        path.unlink()
    run = house.leadhouse("run")
    assert run.returncode == 1
    assert "nothing to compute" in run.stdout and "Nothing is published yet" in run.stdout


def test_an_unknown_folder_of_connections_is_said_so(house) -> None:
    run = house.leadhouse("check", "--connections", str(house.home / "nowhere"))
    assert run.returncode == 1
    assert "There is no such folder" in run.stdout


def test_plain_dbt_computes_the_same_day_end(published, tmp_path: Path) -> None:
    house = published.house.copy(tmp_path)
    outcome = Dbt(PROJECT, house.home).build(["--select", "int_cleansing__day_ends"])
    assert outcome.is_green, outcome.explanation()
    with duckdb.connect(str(house.home / "warehouse.duckdb"), read_only=True) as con:
        current = con.execute(
            "select as_of_date from cleansing.int_cleansing__day_ends where is_current"
        ).fetchone()[0]
    lake = LakeState.read(house.home)
    assert current == last_complete_day_end(lake, Settings.read(PROJECT)) == date(2026, 2, 28)
