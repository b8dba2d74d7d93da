"""The serving file as the report and the story read it: read-only, one SQL file per question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from orchestration.queries import Queries, Row
from orchestration.sql import literal

__all__ = ["DayEnd", "NotPublishedError", "Row", "Serving", "open_day", "open_serving"]

QUERIES = Path(__file__).parent / "queries"
# Marts that keep what each day-end added; a database of one day has only the last of it.
SERIES = {"fct_score_changes"}


class NotPublishedError(RuntimeError):
    """The serving file is missing or holds no published day-end."""


@dataclass(frozen=True)
class DayEnd:
    """The published day-end that the serving file shows; instants are UTC without zone."""

    as_of_date: date
    as_of_at: datetime
    known_until_at: datetime
    is_provisional: bool
    ruleset_hash: str
    fingerprint: str
    git_commit: str
    company_name: str
    zone: tzinfo

    def local(self, utc: datetime) -> datetime:
        """Return a UTC instant as business time without zone."""
        return utc.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)


class Serving(Queries):
    """Queries against one open serving file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection, QUERIES)
        self.connection = connection
        self._tables = {
            row[0]
            for row in connection.execute(
                "select table_name from information_schema.tables "
                "where table_schema = 'marts' and table_catalog = current_catalog()"
            ).fetchall()
        }

    def has(self, table: str) -> bool:
        """Tell whether the mart is published."""
        return table in self._tables

    def day_end(self) -> DayEnd:
        """Return the published day-end that the marts show; raises NotPublishedError when there is none."""
        rows = self.rows("day_end") if self.has("published_day_ends") else []
        if not rows:
            raise NotPublishedError("no day-end is published")
        row = rows[0]
        return DayEnd(
            as_of_date=row["as_of_date"],
            as_of_at=row["as_of_at"],
            known_until_at=row["known_until_at"],
            is_provisional=row["is_provisional"],
            ruleset_hash=row["ruleset_hash"],
            fingerprint=row["fingerprint"],
            git_commit=row["git_commit"],
            company_name=str(row.get("company_name") or ""),
            zone=_zone(row["business_timezone"]),
        )


@contextmanager
def open_serving(path: Path) -> Iterator[Serving]:
    """Open the serving file read-only.

    Raises NotPublishedError when the file does not exist or is not a serving file.
    """
    if not path.is_file():
        raise NotPublishedError(f"{path} does not exist")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise NotPublishedError(f"{path} cannot be opened: {error}") from error
    try:
        connection.execute("set TimeZone = 'UTC'")
        yield Serving(connection)
    finally:
        connection.close()


@contextmanager
def open_day(serving: Path, day: Path, as_of: date) -> Iterator[Serving]:
    """Open the marts of a past day-end as if it were the one that is served.

    Args:
        serving: the serving file; its ledger and its list of published day-ends are taken.
        day: a database with all marts of the day-end, see `orchestration.replay.replay.past_day`.
        as_of: the day-end; published.

    Raises:
        NotPublishedError: the serving file does not exist.
    """
    if not serving.is_file():
        raise NotPublishedError(f"{serving} does not exist")
    connection = duckdb.connect()
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {literal(serving)} as served (read_only)")
        connection.execute(f"attach {literal(day)} as day (read_only)")
        connection.execute("create schema marts")
        of_the_day = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'day' and schema_name = 'marts'"
        ).fetchall()
        for (table,) in of_the_day:
            home = "served" if table in SERIES else "day"
            connection.execute(f"create view marts.{table} as from {home}.marts.{table}")
        connection.execute(
            "create view marts.published_day_ends as "
            f"select * replace (as_of_date = date '{as_of}' as is_current) "
            "from served.marts.published_day_ends"
        )
        yield Serving(connection)
    finally:
        connection.close()


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return UTC
