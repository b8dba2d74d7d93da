"""Fingerprints of tables: equal content gives an equal fingerprint, in whatever order the rows lie."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.sql import quoted

# Control characters, so that ordinary text cannot imitate a column border or a missing value.
COLUMN_SEPARATOR = chr(31)
NULL_TOKEN = chr(30)
# Written by the publisher beside the marts; no build makes them.
HISTORY_TABLES = ("published_day_ends", "published_marts")
# What a column says that ends so grows with the record of earlier day-ends.
ON_RECORD = "_on_record"


@dataclass(frozen=True)
class Fingerprint:
    """Row count and sum of row digests of one table. Both add up over disjoint parts of a table."""

    rows: int
    digest: int

    def __str__(self) -> str:
        return f"{self.rows}:{self.digest:x}"

    @classmethod
    def parse(cls, text: str) -> Fingerprint:
        """Read what `str` wrote.

        Raises:
            ValueError: the text is not `<rows>:<hexadecimal digest>`.
        """
        rows, _, digest = text.partition(":")
        return cls(int(rows), int(digest, 16))


def fingerprint(con: duckdb.DuckDBPyConnection, table: str) -> Fingerprint:
    """Fingerprint a table or view.

    A row's digest is the first 15 hexadecimal digits of the md5 over its columns, cast to text, in column
    order. Digests are added as whole numbers, so neither row order nor thread count matters. Columns that
    end in `_on_record` do not count: how far the record reaches depends on what was computed before.

    Args:
        con: an open connection that sees the table.
        table: the relation as SQL, quoted by the caller where it needs quotes.

    Raises:
        duckdb.Error: the table does not exist or cannot be read.
    """
    columns = [
        row[0]
        for row in con.execute(f"describe select * from {table}").fetchall()
        if not row[0].endswith(ON_RECORD)
    ]
    parts = ", ".join(f"coalesce(cast({quoted(column)} as varchar), ?)" for column in columns)
    row_digest = f"cast('0x' || substr(md5(concat_ws(?, {parts})), 1, 15) as hugeint)"
    rows, digest = con.execute(
        f"select count(*), coalesce(sum({row_digest}), 0) from {table}",
        [COLUMN_SEPARATOR, *[NULL_TOKEN] * len(columns)],
    ).fetchone()
    return Fingerprint(int(rows), int(digest))


def day_end_fingerprint(con: duckdb.DuckDBPyConnection, table: str, as_of_date: str) -> Fingerprint:
    """Fingerprint what a mart says about one day-end.

    Of a mart with several day-ends only the rows of this one count: how many earlier ones lie beside them
    depends on what was computed before, and a day-end has one fingerprint, whether it was computed alone,
    in a range or again.

    Args:
        con: an open connection that sees the mart.
        table: the mart as SQL, quoted by the caller where it needs quotes.
        as_of_date: the day-end, ISO.

    Raises:
        duckdb.Error: the mart does not exist or cannot be read.
    """
    columns = [row[0] for row in con.execute(f"describe select * from {table}").fetchall()]
    if "as_of_date" not in columns:
        return fingerprint(con, table)
    day = date.fromisoformat(as_of_date).isoformat()
    return fingerprint(con, f"(select * from {table} where as_of_date = date '{day}')")


def day_end_fingerprints(con: duckdb.DuckDBPyConnection, as_of_date: str) -> dict[str, Fingerprint]:
    """Fingerprint all marts of the database that a connection is opened on, for one day-end (ISO).

    The connection's time zone must be UTC.
    """
    rows = con.execute(
        "select table_name from information_schema.tables "
        "where table_schema = 'marts' and table_catalog = current_catalog() order by table_name"
    ).fetchall()
    marts = [row[0] for row in rows if row[0] not in HISTORY_TABLES]
    return {mart: day_end_fingerprint(con, f"marts.{quoted(mart)}", as_of_date) for mart in marts}


def combined(fingerprints: Mapping[str, Fingerprint]) -> str:
    """One short text for a set of tables: 16 hexadecimal digits over sorted names and fingerprints."""
    lines = "\n".join(f"{name} {fingerprints[name]}" for name in sorted(fingerprints))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]
