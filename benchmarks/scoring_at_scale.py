"""Time the scoring layer at scale: the demo's leads, copied with their touches, keys, tags and signals.

    .venv/bin/python benchmarks/scoring_at_scale.py --copies 500 --touch-share 0.48

copies what the scoring models read out of a built demo house (LEADHOUSE_HOME) into a house of its own,
builds `models/scoring` there with dbt, builds again what a change of weights reaches, and prints seconds and
the multiple of the floor: one statement that reads the same touches and groups them by lead, type and day.
Two day-ends are computed, as on any day on which the one before is already published: the ledger compares
them.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import time
from pathlib import Path

import duckdb

from orchestration.house import House
from orchestration.paths import paths
from orchestration.warehouse.dbt import Dbt

# What scoring reads, with the columns that tell one copy of a lead from the next.
COPIED = {
    "cleansing.int_cleansing__accounts": ("account_id", "company_key"),
    "cleansing.int_cleansing__key_owners": ("key_key", "lead_id"),
    "cleansing.int_cleansing__lead_companies": ("lead_id", "company_key", "account_id"),
    "cleansing.int_cleansing__lead_members": ("node_key", "record_key", "lead_id"),
    "cleansing.int_cleansing__visible_touches": ("touch_key", "record_key", "subject_key"),
    "tagging.int_tagging__account_tags": ("account_id",),
    "tagging.int_tagging__lead_attributes": ("lead_id",),
    "tagging.int_tagging__lead_segments": ("lead_id",),
    "tagging.int_tagging__lead_signals": ("lead_id", "source_key"),
    "tagging.int_tagging__lead_tags": ("lead_id",),
    "tagging.int_tagging__touch_qualifiers": ("touch_key",),
}
KEPT = ("cleansing.int_cleansing__day_ends", "tagging.int_tagging__signal_definitions")
WEIGHTS = ("int_scoring__segment_dimensions", "int_scoring__dimension_scores", "int_scoring__lead_totals")
SCORES = ("int_scoring__lead_scores", "int_scoring__contributions", "int_scoring__possible_fit")
FLOOR = """
    select subject_key, touch_type, occurred_on, count(*) as touches
    from cleansing.int_cleansing__visible_touches
    group by subject_key, touch_type, occurred_on
"""


def main() -> None:
    """Build the house, time it, print one line per figure and a JSON object."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--copies", type=int, default=50, help="copies of each lead")
    options.add_argument("--touch-share", type=float, default=1.0, help="share of the touches that is kept")
    options.add_argument("--folder", type=Path, default=Path("var/bench"), help="where the house is made")
    asked = options.parse_args()
    source = House.default()
    home = asked.folder.resolve()
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    day = copy_house(paths(source.home).warehouse, home / "warehouse.duckdb", asked.copies, asked.touch_share)

    figures: dict[str, float] = {}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        for name, column, table in (
            ("leads", "lead_id", "tagging.int_tagging__lead_segments"),
            ("touches", "touch_key", "cleansing.int_cleansing__visible_touches"),
        ):
            figures[name] = con.execute(f"select count(distinct {column}) from {table}").fetchone()[0]
        started = time.perf_counter()
        con.execute(f"create temp table floor as {FLOOR}")
        figures["floor_s"] = time.perf_counter() - started

    dbt = Dbt(source.project_dir, home, source.seeds_dir)
    (home / "lake").symlink_to(paths(source.home).lake.resolve(), target_is_directory=True)
    variables = {"as_of_date": day, "history_days": 1}
    dbt.build(("--select", "path:../seeds", "path:models/rules"), variables)
    figures["scoring_s"] = timed(dbt, ("--select", "path:models/scoring"), variables)
    figures["new_weights_s"] = timed(dbt, ("--select", *WEIGHTS, *SCORES), variables)
    figures["scoring_x_floor"] = figures["scoring_s"] / figures["floor_s"]
    figures["peak_rss_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}, indent=2))


def copy_house(source: Path, target: Path, copies: int, touch_share: float) -> str:
    """Copy the inputs of scoring `copies` times; return the newest day-end, ISO."""
    with duckdb.connect(str(target)) as con:
        con.execute(f"attach '{source}' as demo (read_only)")
        con.execute("create schema cleansing; create schema tagging")
        for table in KEPT:
            con.execute(f"create table {table} as from demo.{table}")
        days = "select as_of_date from cleansing.int_cleansing__day_ends order by 1 desc limit 2"
        con.execute(f"delete from cleansing.int_cleansing__day_ends where as_of_date not in ({days})")
        for table, keys in COPIED.items():
            columns = [row[0] for row in con.execute(f"describe demo.{table}").fetchall()]
            copied = ", ".join(f"{key} || '~' || copy as {key}" for key in keys)
            kept = "true"
            if "touch_key" in columns:
                kept = f"hash(touch_key, copy) % 1000 < {round(touch_share * 1000)}"
            if "as_of_date" in columns:
                kept = "as_of_date in (select as_of_date from cleansing.int_cleansing__day_ends)"
            con.execute(
                f"create table {table} as select source.* replace ({copied}) from demo.{table} as source, "
                f"(select range::varchar as copy from range({copies})) as copies where {kept}"
            )
        newest = "select max(as_of_date)::varchar from cleansing.int_cleansing__day_ends"
        return con.execute(newest).fetchone()[0]


def timed(dbt: Dbt, selection: tuple[str, ...], variables: dict[str, object]) -> float:
    """Build models without tests and return seconds."""
    started = time.perf_counter()
    outcome = dbt.build((*selection, "--exclude-resource-type", "test"), variables)
    if not outcome.is_green:
        raise SystemExit(outcome.explanation())
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
