"""What a day-end remembers of earlier ones: marts that are a record, handed to a build that has none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from orchestration.sql import literal, quoted

# Written when a day-end is current and kept as they were (macros/rules/alert_record.sql): an alert that
# opened months ago has its id from here, and a share is compared with one of months ago.
RECORDS = ("fct_alert_days", "rpt_band_shares")


def hand_over_records(serving: Path, warehouse: Path, before: date | None = None) -> None:
    """Put the published records into a warehouse that has none: a new one, or one that was deleted.

    Args:
        serving: the serving file of the house; without one, or without a record in it, nothing happens.
        warehouse: the database that dbt is about to build in; made when it is missing.
        before: a day-end that is built again; the record ends before it. None: all of the record.

    Raises:
        duckdb.Error: a file could not be read or written.
    """
    if not serving.exists():
        return
    until = before or date.max
    with duckdb.connect(str(warehouse)) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach {literal(serving)} as published (read_only)")
        for mart in RECORDS:
            if _has(con, "published", mart) and not _has(con, warehouse.stem, mart):
                con.execute("create schema if not exists marts")
                con.execute(
                    f"create table marts.{quoted(mart)} as "
                    f"select * from published.marts.{quoted(mart)} where as_of_date < ? order by all",
                    [until],
                )


def _has(con: duckdb.DuckDBPyConnection, catalog: str, mart: str) -> bool:
    found = con.execute(
        "select count(*) from information_schema.tables "
        "where table_catalog = ? and table_schema = 'marts' and table_name = ?",
        [catalog, mart],
    ).fetchone()
    return bool(found[0])
