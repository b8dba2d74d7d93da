"""Every dbt unit test, and the whole project on a lake to which nothing was ever delivered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.ingestion.run import ensure_lake

OF_RECORDS = [
    "the_record_is_taken_up_where_it_ended",
    "a_path_that_was_rewritten_is_booked_today_with_its_cause",
    "a_record_only_grows_towards_today",
    "a_recorded_alert_keeps_its_id",
    "nothing_was_watched_in_between",
]
PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


@pytest.mark.slow
def test_unit_tests_pass_and_an_empty_lake_builds(tmp_path):
    """A first `dbt build` by hand works before the first delivery, and all calculations hold at their edges."""
    ensure_lake(tmp_path)
    common = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--vars", "{tests_of_records: true}"]
    env = os.environ | {
        "LEADHOUSE_HOME": str(tmp_path),
        "DBT_TARGET_PATH": str(tmp_path / "target"),
        "DBT_LOG_PATH": str(tmp_path / "logs"),
    }
    # A unit test of `this` needs the table that the build makes, so it comes after.
    for step in (["build", "--exclude", *OF_RECORDS], ["test", "--select", *OF_RECORDS]):
        command = [str(Path(sys.executable).with_name("dbt")), "--log-level-file", "none", *step, *common]
        run = subprocess.run(command, env=env, capture_output=True, text=True, cwd=PROJECT)
        lines = [line for line in run.stdout.splitlines() if "FAIL" in line or "ERROR" in line or "Done." in line]
        assert run.returncode == 0, "\n".join(lines[-40:]) + run.stderr[-2000:]
        assert "Nothing to do" not in run.stdout
