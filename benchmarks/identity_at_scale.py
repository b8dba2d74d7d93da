"""Time cleansing and identity at scale: leads of which one in ten is a duplicate.

    .venv/bin/python benchmarks/identity_at_scale.py --leads 1000000

draws the leads with SQL (every number follows from the row's number, so each run draws the same), loads them
as a delivery, and builds `models/cleansing`, identity included, for one day-end in a process of its own. It
prints seconds of wall clock, of user and system time, the peak of memory, and how well the duplicates were
found.

A duplicate repeats somebody's mobile (4 of 10), address (2), mobile with two digits swapped (1) or one digit
wrong (1), address with a letter missing (1), or name, company and title (1).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
from identity_quality import pairs_among

from orchestration.house import House
from orchestration.ingestion.run import ensure_lake, ingest
from orchestration.paths import paths
from orchestration.warehouse.dbt import Dbt

DAY = "2026-11-20"
BEFORE = ("--select", "path:../seeds", "path:models/rules", "path:models/staging")
TIMED = ("--select", "path:models/cleansing")
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
CONNECTION = """
system: bench
feed: crm_leads
reader: parquet
path: bench/leads.parquet
delivery: changes
custom: none
known_at: {column: created_at}
"""
LEADS = Path(__file__).with_name("identity_leads.sql")


def main() -> None:
    """Draw, load, build and judge; one line per figure as a JSON object."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--leads", type=int, default=50_000, help="leads, duplicates included")
    options.add_argument(
        "--folder", type=Path, default=Path("var/bench_identity"), help="where the house is made"
    )
    options.add_argument("--build", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()
    home = asked.folder.resolve()
    if asked.build:
        build(home, TIMED)
        return
    shutil.rmtree(home, ignore_errors=True)
    figures: dict[str, float] = {"leads": asked.leads}
    started = time.perf_counter()
    draw(home, asked.leads)
    result = ingest(home / "connections", home)
    if not result.ok:
        raise SystemExit([receipt.message for receipt in result.failed])
    build(home, BEFORE)
    figures["before_s"] = time.perf_counter() - started
    command = [sys.executable, __file__, "--build", "--folder", str(home)]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | {"LEADHOUSE_THREADS": "1"})
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("The build failed.")
    figures["process_s"] = time.perf_counter() - started
    figures |= json.loads((home / "build.json").read_text("utf-8"))
    figures |= {"user_s": used.ru_utime, "sys_s": used.ru_stime, "peak_rss_gb": used.ru_maxrss / 1024**2}
    figures |= judged(home)
    print(json.dumps({name: round(value, 5) for name, value in figures.items()}, indent=2))


def draw(home: Path, leads: int) -> None:
    """Write the leads as one delivery and the connection that reads it."""
    ensure_lake(home)
    landing = paths(home).landing / "bench"
    landing.mkdir(parents=True)
    (home / "connections").mkdir()
    (home / "connections" / "leads.yml").write_text(CONNECTION, "utf-8")
    duplicates = leads // 10
    sizes = {"people": leads - duplicates, "duplicates": duplicates, "companies": max(100, leads // 15)}
    with duckdb.connect(config={"memory_limit": "3GB"}) as con:
        con.execute(LEADS.read_text(encoding="utf-8").format(**sizes))
        con.execute(f"copy (select person_no, lead_id from leads) to '{home}/truth.parquet'")
        con.execute(
            "copy (select lead_id, person_name, company_name, job_title, email, mobile, "
            "timestamp '2026-11-01 01:00:00' "
            "+ to_seconds(cast(hash(lead_id) % 1000000 as integer)) as created_at "
            f"from leads order by lead_id) to '{landing}/leads.parquet'"
        )


def build(home: Path, selection: tuple[str, ...]) -> None:
    """Build models without tests; writes the seconds that dbt took beside the warehouse."""
    house = House.default()
    dbt = Dbt(house.project_dir, home, house.seeds_dir)
    # As in a process that stays: the project is parsed once.
    dbt.build(("--select", "rule_cleansing__source_trust"), {"as_of_date": DAY, "history_days": 0})
    started = time.perf_counter()
    outcome = dbt.build((*selection, *WITHOUT_TESTS), {"as_of_date": DAY, "history_days": 0})
    if not outcome.is_green:
        raise SystemExit(outcome.explanation())
    figures = {"build_s": time.perf_counter() - started}
    (home / "build.json").write_text(json.dumps(figures), "utf-8")


def judged(home: Path) -> dict[str, float]:
    """Pairwise precision and recall of the leads against who was drawn."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        both, one_lead, one_person = pairs_among(
            con,
            f"""
            select members.lead_id, truth.person_no as person
            from cleansing.int_cleansing__lead_members as members
            join '{home}/truth.parquet' as truth on members.record_key = 'bench:' || truth.lead_id
            """,
        )
    return {"precision": both / one_lead, "recall": both / one_person}


if __name__ == "__main__":
    main()
