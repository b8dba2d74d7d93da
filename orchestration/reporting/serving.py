"""The serving file as the report and the story read it: read-only, one SQL file per question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

Row = dict[str, Any]

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


class Serving:
    """Queries against one open serving file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._tables = {
            row[0]
            for row in connection.execute(
                "select table_name from information_schema.tables where table_schema = 'marts'"
            ).fetchall()
        }

    def has(self, table: str) -> bool:
        """Tell whether the mart is published."""
        return table in self._tables

    def rows(self, query: str, **parameters: Any) -> list[Row]:
        """Run queries/<query>.sql with those of the parameters that it names.

        Raises duckdb.Error when a mart or a column that the query needs is missing.
        """
        sql, names = _query(query)
        cursor = self._connection.execute(sql, {name: parameters[name] for name in names})
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

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


@cache
def _query(name: str) -> tuple[str, tuple[str, ...]]:
    sql = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    code = re.sub(r"--[^\n]*", "", sql)
    return sql, tuple(sorted(set(re.findall(r"\$([a-z_]+)", code))))


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return UTC
