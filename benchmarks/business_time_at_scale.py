"""Time the business-time macros: business seconds between two instants, and the due instant of a budget.

    .venv/bin/python benchmarks/business_time_at_scale.py --intervals 1000000

builds a small dbt project with the shipped macros and calendars on random instants of 2018 to 2026, in the
hours of two calendars and four zones, and times two statements, each of which writes its answers to a table:
the intervals alone, and intervals with deadlines. CPU seconds are those of all threads, the best of three
runs counts. tests/engines/test_business_time.py holds the same statements to a loop over every minute.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import duckdb
from business_time_project import build

# An interval of up to 30 days from any second of eight years; budgets of up to two weeks.
INSTANTS = """
    select
        pair,
        case when pair % 3 = 0 then 'cn_xinjiang' else 'cn_business' end as calendar,
        ['Asia/Shanghai', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata'][1 + pair % 4] as zone,
        timestamp '2018-01-02' + to_seconds((pair * 7919 * 104729) % (8 * 365 * 86400)) as from_at,
        timestamp '2018-01-02' + to_seconds(
            (pair * 7919 * 104729) % (8 * 365 * 86400) + 1 + (pair * 15485863) % (30 * 86400)
        ) as to_at,
        60 * (1 + (pair * 32452843) % 5000) as budget_seconds
    from range({intervals}) as numbers (pair)
"""


def main() -> None:
    """Build the project and print a JSON object."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--intervals", type=int, default=1_000_000)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--runs", type=int, default=3, help="runs of each statement; the best one counts")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        build(home, INSTANTS.format(intervals=asked.intervals), asked.threads)
        with duckdb.connect(str(home / "warehouse.duckdb")) as con:
            con.execute(f"set TimeZone = 'UTC'; set threads = {asked.threads}")
            [[known, due]] = con.execute(
                "select count(business_seconds), count(due_at) from clocks"
            ).fetchall()
            figures: dict[str, float] = {"intervals": asked.intervals, "threads": asked.threads}
            figures |= {"answered": known, "deadlines": due}
            for figure, model in (("between", "seconds"), ("between_and_due", "clocks")):
                sql = next((home / "target" / "compiled").rglob(f"{model}.sql")).read_text(encoding="utf-8")
                runs = [timed(con, sql) for _ in range(asked.runs)]
                figures |= {f"{figure}_s": min(runs)[0], f"{figure}_cpu_s": min(cpu for _, cpu in runs)}
    print(json.dumps(figures))


def timed(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[float, float]:
    """Seconds and CPU seconds, of all threads, of one statement that writes its answers to a table."""
    wall, cpu = time.perf_counter(), time.process_time()
    con.execute(f"create or replace table answers as {sql}")
    return round(time.perf_counter() - wall, 2), round(time.process_time() - cpu, 2)


if __name__ == "__main__":
    main()
