"""The raw lake on disk: atomic files, receipts, rejects, and healing after a run that was cut short."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.ingestion.contracts import Column, Contracts
from orchestration.paths import Paths
from orchestration.sql import literal, quoted

EMPTY = "ingest_month=0000-00/empty.parquet"
PARQUET_OPTIONS = "format parquet, compression zstd, row_group_size 122880"
_ARROW_TYPES = {
    "varchar": pa.string(),
    "bigint": pa.int64(),
    "timestamp": pa.timestamp("us"),
    "boolean": pa.bool_(),
}


@dataclass(frozen=True)
class Receipt:
    """One look at a delivered file; the fields are the columns of `lake.receipts`."""

    run_id: str
    delivery_id: str
    connection: str
    source_system: str
    feed: str
    delivery_kind: str
    file_name: str
    content_hash: str
    file_bytes: int
    received_at: datetime
    known_at: datetime
    status: str
    records: int = 0
    stored: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0
    quarantined: int = 0
    tombstones: int = 0
    message: str = ""
    connection_hash: str = ""
    asserted_at: datetime | None = None
    expected_every_hours: int | None = None


def month(moment: datetime) -> str:
    """Return the folder of a month, such as `ingest_month=2026-03`."""
    return f"ingest_month={moment:%Y-%m}"


def write_atomically(target: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside the target, then rename it over the target."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        write(temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def copy_to(connection: duckdb.DuckDBPyConnection, query: str, target: Path, options: str = "") -> None:
    """Write the result of a query to a Parquet file, atomically."""
    more = f", {options}" if options else ""
    write_atomically(
        target,
        lambda file: (
            connection.execute(f"copy ({query}) to {literal(file)} ({PARQUET_OPTIONS}{more})") and None
        ),
    )


def ensure_lake(paths: Paths, contracts: Contracts) -> None:
    """Make the folder of every feed and log readable: an empty Parquet file with the contract's columns.

    An empty file is written again when the contract has changed. DuckDB and Spark fail on an empty folder.
    """
    paths.make()
    folders = {paths.raw / name: contracts.raw_columns(name) for name in contracts.feeds}
    folders |= {paths.receipts: contracts.receipts, paths.rejects: contracts.rejects}
    with duckdb.connect() as connection:
        for folder, columns in folders.items():
            target = folder / EMPTY
            names = [column.name for column in columns]
            if target.exists() and pq.read_schema(target).names == names:
                continue
            nothing = ", ".join(f"null::{column.data_type} as {quoted(column.name)}" for column in columns)
            copy_to(connection, f"select {nothing} limit 0", target)


def write_receipts(paths: Paths, contracts: Contracts, receipts: list[Receipt]) -> None:
    """Write all receipts of a run to its one file; called again, it replaces the file."""
    if not receipts:
        return
    names = [column.name for column in contracts.receipts]
    assert names == [field.name for field in fields(Receipt)], "receipts differ from their contract"
    schema = pa.schema([(column.name, _arrow(column)) for column in contracts.receipts])
    table = pa.table(
        {name: [getattr(receipt, name) for receipt in receipts] for name in names}, schema=schema
    )
    target = paths.receipts / month(receipts[0].received_at) / f"{receipts[0].run_id}.parquet"
    write_atomically(target, lambda file: pq.write_table(table, file, compression="zstd"))


def _arrow(column: Column) -> pa.DataType:
    return _ARROW_TYPES[column.data_type]


def read_receipts(connection: duckdb.DuckDBPyConnection, paths: Paths) -> list[Receipt]:
    """Return every receipt in the lake but those of repeated files, oldest first."""
    names = ", ".join(field.name for field in fields(Receipt))
    glob = literal(paths.receipts / "*" / "*.parquet")
    rows = connection.execute(
        f"""
        select {names} from read_parquet({glob}, union_by_name = true, hive_partitioning = false)
        where status <> 'repeated' order by received_at, run_id, known_at, file_name
        """
    ).fetchall()
    return [Receipt(*row) for row in rows]


def data_file(paths: Paths, feed: str, known_at: datetime, delivery_id: str) -> Path:
    """Return where the rows of a delivery are: the name follows from the delivery alone."""
    return paths.raw / feed / month(known_at) / f"{delivery_id}.parquet"


def heal(paths: Paths, stored: Iterable[str]) -> list[str]:
    """Set aside data files without receipt: what a run left that was cut short before its receipts.

    The delivered file is still in the landing folder and is taken in again. Should it be gone, its rows are
    in `lake/held/interrupted`.

    Args:
        paths: the state folders.
        stored: ids of the deliveries that have a receipt of stored rows.

    Returns:
        The ids of the deliveries that were set aside.
    """
    known = set(stored)
    healed = []
    for file in sorted(paths.raw.glob("*/*/*.parquet")):
        if file.stem == "empty" or file.stem in known:
            continue
        target = paths.held / "interrupted" / file.parent.parent.name / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
        healed.append(file.stem)
    for leftover in [*paths.lake.glob("**/.*.part")]:
        leftover.unlink(missing_ok=True)
    return healed


def published_until(paths: Paths) -> datetime | None:
    """Return the last published known_until, naive UTC; None before the first publication.

    Raises:
        ValueError: the file is there but does not say.
    """
    if not paths.published.exists():
        return None
    try:
        text = json.loads(paths.published.read_text(encoding="utf-8"))["known_until_at"]
        moment = datetime.fromisoformat(text)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{paths.published} does not name known_until_at ({error!r}). Publish again, or remove the file "
            "when nothing has been published from this home."
        ) from None
    return _naive_utc(moment)


def _naive_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
