"""Two warehouses of one day-end side by side: one SQL file per question, no row is looked at in Python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.queries import Queries, Row
from orchestration.sql import literal

QUERIES = Path(__file__).parent / "queries"
MARTS = (
    "dim_leads",
    "dim_rules",
    "dim_terms",
    "fct_alerts",
    "fct_lead_scores",
    "fct_lead_tags",
    "fct_record_verdicts",
    "fct_response_clocks",
    "fct_score_contributions",
    "rpt_lead_queue",
)


class NotComparableError(Exception):
    """A mart that the comparison reads is missing on one side."""


@dataclass(frozen=True)
class Side:
    """Where the marts of one side are.

    `fallback` has those that `database` need not build, because nothing differs in them.
    """

    database: Path
    fallback: Path | None = None


class Comparison(Queries):
    """Queries over both sides; every mart is there as before.<mart> and after.<mart>."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection, QUERIES)

    def row(self, query: str, **parameters: Any) -> Row:
        """Run a query that answers with one row."""
        return self.rows(query, **parameters)[0]

    def write(self, query: str, target: Path) -> None:
        """Write a query's rows to a Parquet file."""
        sql = (QUERIES / f"{query}.sql").read_text(encoding="utf-8").rstrip().rstrip(";")
        target.parent.mkdir(parents=True, exist_ok=True)
        self._connection.execute(f"copy ({sql}\n) to {literal(target)} (format parquet, compression zstd)")


@contextmanager
def compare(before: Side, after: Side) -> Iterator[Comparison]:
    """Open two warehouses (or serving files) read-only and put their marts side by side.

    Raises:
        NotComparableError: a mart is missing on one side.
        duckdb.Error: a file cannot be opened, or a column that both must have is missing.
    """
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        catalogs: dict[Path, str] = {}
        for path in (before.database, before.fallback, after.database, after.fallback):
            if path and path.resolve() not in catalogs:
                catalogs[path.resolve()] = f"side_{len(catalogs)}"
                con.execute(f"attach {literal(path)} as {catalogs[path.resolve()]} (read_only)")
        for schema, side in (("before", before), ("after", after)):
            con.execute(f"create schema {schema}")
            for mart in MARTS:
                con.execute(f"create view {schema}.{mart} as from {_home_of(con, mart, side, catalogs)}")
        con.execute((QUERIES / "lead_changes.sql").read_text(encoding="utf-8"))
        yield Comparison(con)


def _home_of(con: duckdb.DuckDBPyConnection, mart: str, side: Side, catalogs: dict[Path, str]) -> str:
    for path in (side.database, side.fallback):
        if path is None:
            continue
        catalog = catalogs[path.resolve()]
        found = con.execute(
            "select count(*) from information_schema.tables "
            "where table_catalog = ? and table_schema = 'marts' and table_name = ?",
            [catalog, mart],
        ).fetchone()[0]
        if found:
            return f"{catalog}.marts.{mart}"
    raise NotComparableError(f"{side.database} has no mart {mart}, so there is nothing to compare.")
