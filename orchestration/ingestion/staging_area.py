"""The scratch area of one delivery: text rows and rejected lines, streamed to Parquet, seen by DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.sql import literal

ROWS_PER_BATCH = 20_000
# A reject is for a person to look at; the whole line stays in the delivered file.
MAX_REJECT_CHARACTERS = 20_000

SOURCE_TABLE = "delivery_source"
REJECTS_SCHEMA = pa.schema(
    [
        ("line_number", pa.int64()),
        ("column_name", pa.string()),
        ("reason", pa.string()),
        ("raw_text", pa.string()),
    ]
)


@dataclass
class Staged:
    """A delivery as text: `delivery_source(delivery_row, line_number, raw_text, c1 … cn)` in DuckDB.

    An empty cell is null there, never an empty text: thousands of small files are faster for it.
    `records` was counted by the reader, `broken` of them could not be split into columns and are in the
    Parquet file `rejects`. `exact` says that line_number and raw_text are filled in.
    """

    headers: list[str]
    records: int
    broken: int = 0
    rejects: Path | None = None
    exact: bool = True
    notes: list[str] = field(default_factory=list)


def shortened(text: str) -> str:
    """Return the text as a reject keeps it: cut where it is very long, and saying so."""
    if len(text) <= MAX_REJECT_CHARACTERS:
        return text
    return f"{text[:MAX_REJECT_CHARACTERS]} … ({len(text)} characters; the rest is in the delivered file)"


class ParquetSink:
    """Writes rows of Python values to a Parquet file in batches; memory stays at one batch."""

    def __init__(self, path: Path, schema: pa.Schema):
        self.path = path
        self.rows = 0
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="lz4")
        self._batch: list[Sequence[object]] = []

    def add(self, row: Sequence[object]) -> None:
        """Add one row with a value for each field of the schema."""
        self._batch.append(row)
        self.rows += 1
        if len(self._batch) >= ROWS_PER_BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._batch:
            columns = zip(*self._batch, strict=True)
            arrays = [pa.array(column, kind.type) for column, kind in zip(columns, self._schema, strict=True)]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
            self._batch.clear()

    def __enter__(self) -> ParquetSink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
        self._writer.close()


def rows_schema(columns: int) -> pa.Schema:
    """Return the schema of staged text rows with `columns` columns c1 … cn."""
    texts = [(f"c{place}", pa.string()) for place in range(1, columns + 1)]
    return pa.schema(
        [("delivery_row", pa.int64()), ("line_number", pa.int64()), ("raw_text", pa.string()), *texts]
    )


def use_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Fill `delivery_source` with the staged rows of a Parquet file."""
    connection.execute(
        f"create or replace temp table {SOURCE_TABLE} as select * from read_parquet({literal(path)})"
    )


def unique_headers(cells: Sequence[str]) -> list[str]:
    """Return usable headers: trimmed, `column_7` for an empty one, `Email (2)` for a repeated one."""
    headers: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"column_{place}"
        candidate, count = name, 1
        while candidate in headers:
            count += 1
            candidate = f"{name} ({count})"
        headers.append(candidate)
    return headers
