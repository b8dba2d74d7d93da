"""Questions to a database, one SQL file each."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]


class Queries:
    """The SQL files of a folder, asked over one open connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def rows(self, query: str, **parameters: Any) -> list[Row]:
        """Run <query>.sql with those of the parameters that it names.

        Raises:
            duckdb.Error: a table or a column that the query needs is missing.
        """
        sql, names = _read(self._folder / f"{query}.sql")
        cursor = self._connection.execute(sql, {name: parameters[name] for name in names})
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


@cache
def _read(path: Path) -> tuple[str, tuple[str, ...]]:
    sql = path.read_text(encoding="utf-8")
    code = re.sub(r"--[^\n]*", "", sql)
    return sql, tuple(sorted(set(re.findall(r"\$([a-z_]+)", code))))
