"""Time the business-time macros: business seconds between two instants, and the due instant of a budget.

    .venv/bin/python benchmarks/business_time_at_scale.py --intervals 1000000

builds a small dbt project with the shipped macros and calendars on random instants of 2018 to 2026, in the
hours of two calendars and four zones, and prints the seconds of two statements: the intervals alone, and
intervals with deadlines. Each writes its answers to a table. tests/engines/test_business_time.py holds the
same statements to a loop over every minute.
"""

from __future__ import annotations

import argparse
import json
import tempfile
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
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seconds = build(Path(folder), INSTANTS.format(intervals=asked.intervals), asked.threads)
        with duckdb.connect(str(Path(folder) / "warehouse.duckdb"), read_only=True) as con:
            known, due = con.execute("select count(business_seconds), count(due_at) from clocks").fetchone()
    figures = {
        "intervals": asked.intervals,
        "threads": asked.threads,
        "answered": known,
        "deadlines": due,
        "between_s": round(seconds["seconds"], 2),
        "between_and_due_s": round(seconds["clocks"], 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
