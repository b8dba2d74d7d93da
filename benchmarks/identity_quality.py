"""Measure how well identity finds who is who: on the demo company, and on FEBRL set 3.

    .venv/bin/python benchmarks/identity_quality.py                        # the demo, after make run
    .venv/bin/python benchmarks/identity_quality.py --febrl ~/data/febrl3  # also the data set

Figures are pairwise: of the pairs of records that became one lead, how many are one person (precision), and
of the pairs that are one person, how many became one lead (recall).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from orchestration.house import House
from orchestration.paths import paths, project_root

# Records with who they are: `{who}` gives person, feed, record_key. Records of no lead count for nothing.
FOUND = """
    select aliases.lead_id, truth.person
    from ({who}) as truth
    inner join marts.dim_lead_aliases as aliases using (feed, record_key)
"""
# `{found}` gives lead_id and person, a row per record.
PAIRS = """
    with found as ({found}),
    pairs as (
        select 'one_lead' as side, count(*) as records from found group by lead_id
        union all
        select 'one_person', count(*) from found group by person
        union all
        select 'both', count(*) from found group by lead_id, person
    )
    select side, cast(sum(records * (records - 1) / 2) as bigint) from pairs group by side
"""
DEMO = """
    select distinct person_no as person, feed, record_key
    from read_csv('{truth}/person_records.csv', all_varchar = true)
"""
PLANTED = """
    select distinct person_no as person, 'crm_leads' as feed, record_key
    from read_csv('{truth}/same_people.csv', all_varchar = true)
    union
    select record_key, feed, record_key from read_csv('{truth}/planted.csv', all_varchar = true)
    where expected = 'not_merged'
"""
FEBRL = """
    select split_part(record_key, '-', 2) as person, feed, record_key from marts.dim_lead_aliases
"""


def pairs_of(con: duckdb.DuckDBPyConnection, who: str) -> tuple[int, int, int]:
    """Return the pairs of published records that are one lead and one person, one lead, and one person."""
    return pairs_among(con, FOUND.format(who=who))


def pairs_among(con: duckdb.DuckDBPyConnection, found: str) -> tuple[int, int, int]:
    """Return the same of records that a query gives as lead_id and person."""
    pairs = dict(con.execute(PAIRS.format(found=found)).fetchall())
    return pairs["both"], pairs["one_lead"], pairs["one_person"]


def line(name: str, both: int, one_lead: int, one_person: int) -> str:
    """Return a row of the table in docs/quality.md."""
    return (
        f"| {name} | {one_person} | {one_lead} | {both} | {both / one_lead:.5f} | {both / one_person:.5f} |"
    )


def run_febrl(data: Path, home: Path) -> Path:
    """Run the example on the data set and return the published file."""
    example = project_root() / "docs" / "examples" / "febrl3"
    command = [sys.executable, "-m", "orchestration", "run", "--as-of", "2026-01-06"]
    command += ["--connections", str(example / "connections"), "--rules", str(example / "rules")]
    env = os.environ | {"LEADHOUSE_HOME": str(home), "FEBRL_DIR": str(data)}
    subprocess.run(command, env=env, cwd=project_root(), check=True, stdout=subprocess.DEVNULL)
    return paths(home).home / "serving" / "leadhouse.duckdb"


def main() -> None:
    """Print one row per set of records."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--febrl", type=Path, help="folder with febrl_dataset3.csv")
    asked = options.parse_args()
    print(
        "| records | pairs of one person | pairs of one lead | both | precision | recall |\n"
        "|---|---|---|---|---|---|"
    )
    home = House.default().home
    truth = home / "truth"
    if truth.is_dir():
        with duckdb.connect(str(home / "serving" / "leadhouse.duckdb"), read_only=True) as con:
            print(line("demo: every record of a person", *pairs_of(con, DEMO.format(truth=truth))))
            planted = pairs_of(con, PLANTED.format(truth=truth))
            print(line("demo: planted duplicates and namesakes", *planted))
    if asked.febrl:
        with tempfile.TemporaryDirectory() as folder:
            serving = run_febrl(asked.febrl.resolve(), Path(folder))
            with duckdb.connect(str(serving), read_only=True) as con:
                print(line("FEBRL set 3", *pairs_of(con, FEBRL)))


if __name__ == "__main__":
    main()
