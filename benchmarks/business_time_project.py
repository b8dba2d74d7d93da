"""A small dbt project with the shipped macros, calendar rules and rule models: the macros run for real.

`business_time_at_scale.py` times on a million instants what `tests/engines/test_business_time.py` compares
with a loop.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

PROJECT = """
name: leadhouse
config-version: 2
profile: leadhouse
model-paths: [models]
macro-paths: [macros]
seed-paths: [seeds]
models: {+materialized: table}
vars: {business_timezone: Asia/Shanghai, cutoff_hour: 6}
on-run-start: ["set threads to THREADS"]
"""

# instants: pair, calendar, zone, from_at and to_at (UTC), budget_seconds.
CLOCKS = """
with days as (select * from {{ ref('rul_sla__business_days') }}),
clocks as (
    select
        instants.*,
        {{ local_time('from_at', 'zone') }} as from_local,
        {{ local_time('to_at', 'zone') }} as to_local
    from {{ ref('instants') }} as instants
),
measured as (
    select
        clocks.*,
        {{ business_seconds_between('from_local', 'from_days', 'to_local', 'to_days') }} as business_seconds,
        {{ business_position('from_local', 'from_days') }} + budget_seconds as target
    from clocks
    left join days as from_days
        on clocks.calendar = from_days.calendar and cast(from_local as date) = from_days.date_day
    left join days as to_days
        on clocks.calendar = to_days.calendar and cast(to_local as date) = to_days.date_day
)"""
SECONDS = "select pair, business_seconds from measured"
DUE = """
select
    measured.pair,
    measured.business_seconds,
    {{ due_at('measured.target', 'due_day', 'measured.zone') }} as due_at
from measured
left join {{ due_days('days') }} as due_day
    on measured.calendar = due_day.calendar and {{ is_due_on('measured.target', 'due_day') }}
"""


def build(home: Path, instants: str, threads: int = 2) -> dict[str, float]:
    """Build the project; returns the seconds that each model took. The answers are in home/warehouse.duckdb.

    Args:
        home: an empty folder.
        instants: a SELECT that gives the instants.
        threads: threads of DuckDB; dbt builds one model after the other.
    """
    shutil.copytree(ROOT / "dbt_project" / "macros", home / "macros")
    shutil.copytree(ROOT / "dbt_project" / "models" / "rules" / "sla", home / "models" / "sla")
    shutil.copytree(ROOT / "seeds" / "rules" / "sla", home / "seeds")
    shutil.copy(ROOT / "dbt_project" / "profiles.yml", home / "profiles.yml")
    (home / "dbt_project.yml").write_text(PROJECT.replace("THREADS", str(threads)), encoding="utf-8")
    for name, sql in (("instants", instants), ("seconds", CLOCKS + "\n" + SECONDS), ("clocks", CLOCKS + DUE)):
        (home / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")
    env = os.environ | {
        "LEADHOUSE_HOME": str(home),
        "LEADHOUSE_THREADS": "1",
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
    }
    dbt = str(Path(sys.executable).with_name("dbt"))
    where = ["--project-dir", str(home), "--profiles-dir", str(home)]
    run = subprocess.run(
        [dbt, "build", *where, "--exclude-resource-types", "test", "unit_test"],
        env=env,
        capture_output=True,
        text=True,
        cwd=home,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    results = json.loads((home / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {result["unique_id"].rsplit(".", 1)[-1]: result["execution_time"] for result in results}
