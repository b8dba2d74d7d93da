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

__all__ = ["DayEnd", "NotPublishedError", "Row", "Serving", "open_serving"]

QUERIES = Path(__file__).parent / "queries"


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
        self._tables = {
            row[0]
            for row in connection.execute(
                "select table_name from information_schema.tables where table_schema = 'marts'"
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


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return UTC
