"""Every dbt unit test, and the whole project on a lake to which nothing was ever delivered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.ingestion.run import ensure_lake

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


@pytest.mark.slow
def test_unit_tests_pass_and_an_empty_lake_builds(tmp_path):
    """A first `dbt build` by hand works before the first delivery, and all calculations hold at their edges."""
    ensure_lake(tmp_path)
    command = [str(Path(sys.executable).with_name("dbt")), "--log-level-file", "none", "build", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    env = os.environ | {
        "LEADHOUSE_HOME": str(tmp_path),
        "DBT_TARGET_PATH": str(tmp_path / "target"),
        "DBT_LOG_PATH": str(tmp_path / "logs"),
    }
    run = subprocess.run(command, env=env, capture_output=True, text=True, cwd=PROJECT)
    lines = [line for line in run.stdout.splitlines() if "FAIL" in line or "ERROR" in line or "Done." in line]
    assert run.returncode == 0, "\n".join(lines[-40:]) + run.stderr[-2000:]
