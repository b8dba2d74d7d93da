"""From stories to a built warehouse: ingest and `dbt build`, the way a run does it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

from world import Story, deliver, write_exceptions

from orchestration.ingestion.run import ingest
from orchestration.rules.overlay import lay_over

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
STORIES_BUILT_AS_OF = "2026-11-20"


def morning_after(as_of_date: str) -> Story:
    """What comes in after the cut-off of the last day: without it that day would not be over, and its clocks would run on."""
    known_at = datetime.combine(date.fromisoformat(as_of_date) + timedelta(days=1), time(7))
    campaign = {"campaign_id": "morning-after", "campaign_name": "晨报", "started_at": known_at, "known_at": known_at}
    return Story("morning_after", "The last day is over", [], {"campaigns": [campaign]}, [])


def build(stories: list[Story], home: Path, as_of_date: str, *, threads: int = 2) -> Path:
    """Deliver, ingest and build; returns the warehouse file."""
    deliver([*stories, morning_after(as_of_date)], home / "landing", home / "connections")
    result = ingest(home / "connections", home)
    assert result.ok, [problem for problem in result.problems] + [receipt.message for receipt in result.failed]
    write_exceptions(stories, home / "own_rules")
    seeds = lay_over(PROJECT.parent / "seeds", home / "own_rules", home / "seeds")
    command = [
        str(Path(sys.executable).with_name("dbt")), "build", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
        "--exclude-resource-type", "unit_test", "--vars", f"{{as_of_date: '{as_of_date}'}}",
    ]
    env = os.environ | {
        "LEADHOUSE_HOME": str(home),
        "LEADHOUSE_SEEDS": os.path.relpath(seeds, PROJECT),
        "LEADHOUSE_THREADS": str(threads),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
    }
    run = subprocess.run(command, env=env, capture_output=True, text=True, cwd=PROJECT)
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    return home / "warehouse.duckdb"
