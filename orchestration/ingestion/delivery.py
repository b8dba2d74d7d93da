"""One delivery: read, mapped, compared with what is known, stored; every record has exactly one fate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from orchestration.ingestion.connection import Connection, Delivered
from orchestration.ingestion.contracts import Contracts
from orchestration.ingestion.lake import copy_to, data_file, month
from orchestration.ingestion.mapping import MAPPED_TABLE, json_object, map_rows, resolve
from orchestration.ingestion.problems import DeliveryError
from orchestration.ingestion.read_csv import read_csv
from orchestration.ingestion.read_other import read_jsonl, read_parquet, read_xlsx
from orchestration.ingestion.staging_area import (
    MAX_REJECT_CHARACTERS,
    SOURCE_TABLE,
    Staged,
)
from orchestration.ingestion.textfile import to_utf8
from orchestration.ingestion.versions import FATES_TABLE, Versions
from orchestration.paths import Paths
from orchestration.sql import literal, quoted

FATES = ("stored", "unchanged", "duplicate", "rejected", "quarantined")


@dataclass(frozen=True)
class _Counts:
    """Records in `delivery_mapped`: all, rejected, rejected without a key, beyond the first of their key."""

    mapped: int
    rejected: int
    without_key: int
    repeated: int


@dataclass
class Outcome:
    """What became of a delivery: numbers of records by fate, and the words for the receipt."""

    status: str
    known_at: datetime
    records: int = 0
    fates: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FATES, 0))
    tombstones: int = 0
    notes: list[str] = field(default_factory=list)

    def close(self) -> None:
        """Check that every record that was read has a fate.

        Raises:
            DeliveryError: the numbers do not add up; nothing of the delivery may be kept then.
        """
        if self.records != sum(self.fates.values()):
            raise DeliveryError(
                f"The records do not add up: {self.records} were read, the fates are {self.fates}. "
                "Nothing was stored; please report this with the file."
            )


@dataclass(frozen=True)
class Look:
    """One look at one delivered file that is not in the lake yet."""

    run_id: str
    delivery_id: str
    connection: Connection
    file: Delivered
    asserted_at: datetime | None
    now: datetime
    floor: datetime | None
    newest_asserted_at: datetime | None
    overtaken_by: str | None

    @property
    def known_at(self) -> datetime:
        """Instant at which rows count as known that assert none themselves."""
        return max(moment for moment in (self.asserted_at or self.now, self.floor) if moment)


def take_in(
    duck: duckdb.DuckDBPyConnection,
    paths: Paths,
    contracts: Contracts,
    versions: Versions,
    look: Look,
    scratch: Path,
) -> Outcome:
    """Take one delivered file into the lake; its data file is complete before this returns.

    Raises:
        DeliveryError: the file is unreadable or breaks the contract. Nothing of it is stored then, rejected
            lines excepted.
    """
    connection = look.connection
    staged, counts = _stage(duck, connection, look.file.path, scratch, exact=False)
    if counts.rejected and not staged.exact:
        # Someone has to find these records in the file: read again, with the line and text of each.
        staged, counts = _stage(duck, connection, look.file.path, scratch, exact=True)
    outcome = Outcome("loaded", look.known_at, staged.records, notes=list(staged.notes))
    outcome.fates["rejected"] = staged.broken + counts.rejected
    _write_rejects(duck, paths, contracts, look, staged, outcome)
    if staged.records and outcome.fates["rejected"] == staged.records:
        outcome.status = "failed"
        outcome.notes.insert(
            0, f"None of the {staged.records} records can be read: {_first_reject(duck, paths, look)}"
        )
        outcome.close()
        return outcome
    _store(
        duck, paths, contracts, versions, look, staged.broken + counts.without_key, counts.repeated, outcome
    )
    return outcome


def _stage(
    duck: duckdb.DuckDBPyConnection, connection: Connection, file: Path, scratch: Path, *, exact: bool
) -> tuple[Staged, _Counts]:
    """Read and map the file; return it with what the mapping made of its records."""
    spec = connection.spec
    if connection.reader == "xlsx":
        staged = read_xlsx(duck, file, spec, scratch)
    elif connection.reader == "parquet":
        staged = read_parquet(duck, file)
    else:
        text = to_utf8(file, spec.encoding, scratch / "utf8.txt")
        if connection.reader == "csv":
            staged = read_csv(duck, text.path, spec, scratch, exact=exact)
        else:
            nested = [header for rule in spec.columns.values() for header in rule.headers]
            staged = read_jsonl(duck, text.path, nested, scratch, exact=exact)
        if spec.encoding == "auto" and text.encoding != "utf-8":
            staged.notes.append(f"Read as {text.encoding}.")
    mapping = resolve(connection, staged.headers)
    staged.notes += mapping.notes
    map_rows(duck, connection, staged, mapping)
    counts = _Counts(
        *duck.execute(
            f"""
            select
                count(*), count(reject_column),
                count(*) filter (reject_column is not null and key_id is null),
                count(*) filter (reject_column is null)
                    - count(distinct key_id) filter (reject_column is null)
            from {MAPPED_TABLE}
            """
        ).fetchone()
        or (0, 0, 0, 0)
    )
    if counts.mapped != staged.records - staged.broken:
        raise DeliveryError(
            f"{staged.records - staged.broken} records were read and {counts.mapped} were mapped. "
            "Nothing was stored; please report this with the file."
        )
    return staged, counts


def _write_rejects(
    duck: duckdb.DuckDBPyConnection,
    paths: Paths,
    contracts: Contracts,
    look: Look,
    staged: Staged,
    outcome: Outcome,
) -> None:
    target = _rejects_file(paths, look)
    for earlier in paths.rejects.glob(f"*/{look.delivery_id}.parquet"):
        earlier.unlink()
    if not outcome.fates["rejected"]:
        return
    members = [(header, f"source.c{place}") for place, header in enumerate(staged.headers, start=1)]
    parts = [
        f"""
        select line_number, reject_column as column_name, rejected_because as reason,
            left(coalesce(mapped.raw_text, {json_object(members)}), {MAX_REJECT_CHARACTERS}) as raw_text
        from {MAPPED_TABLE} as mapped
        join (select * exclude (line_number, raw_text) from {SOURCE_TABLE}) as source using (delivery_row)
        where reject_column is not null
        """
    ]
    if staged.rejects:
        parts.append(
            f"select line_number, column_name, reason, raw_text from read_parquet({literal(staged.rejects)})"
        )
    values = {
        "run_id": literal(look.run_id),
        "delivery_id": literal(look.delivery_id),
        "feed": literal(look.connection.feed.name),
        "file_name": literal(look.file.name),
    }
    columns = [
        f"{values.get(column.name, column.name)}::{column.data_type} as {quoted(column.name)}"
        for column in contracts.rejects
    ]
    copy_to(
        duck, f"select {', '.join(columns)} from ({' union all '.join(parts)}) order by line_number", target
    )
    written = pq.read_metadata(target).num_rows
    were = "record was" if written == 1 else "records were"
    outcome.notes.append(f"{written} {were} rejected; lake.rejects has line and reason.")


def _rejects_file(paths: Paths, look: Look) -> Path:
    return paths.rejects / month(look.known_at) / f"{look.delivery_id}.parquet"


def _first_reject(duck: duckdb.DuckDBPyConnection, paths: Paths, look: Look) -> str:
    file = literal(_rejects_file(paths, look))
    row = duck.execute(
        f"select line_number, column_name, reason from read_parquet({file}) order by line_number limit 1"
    ).fetchone()
    if not row:
        return ""
    line, column, reason = row
    return f"line {line}{f', column {column!r}' if column else ''}: {reason}"


def _store(
    duck: duckdb.DuckDBPyConnection,
    paths: Paths,
    contracts: Contracts,
    versions: Versions,
    look: Look,
    unknown: int,
    repeated: int,
    outcome: Outcome,
) -> None:
    """Compare with the versions before and write what is new; `unknown` records have no readable key."""
    connection, known_at = look.connection, look.known_at
    versions.decide(look.asserted_at or look.now, look.floor, has_repeated_keys=repeated > 0)
    held_file = paths.held / connection.feed.name / f"{look.delivery_id}.parquet"
    reason = _hold_reason(versions, look)
    if reason:
        rows = _rows(contracts, look, _literal_moment(known_at))
        copy_to(duck, f"{rows} where mapped.reject_column is null order by delivery_row", held_file)
        outcome.status = "quarantined"
        outcome.notes.insert(0, reason)
        outcome.fates["quarantined"] = pq.read_metadata(held_file).num_rows
        outcome.close()
        return
    if versions.is_snapshot and not unknown:
        outcome.tombstones = versions.bury(look.asserted_at or look.now, look.floor)
    elif versions.is_snapshot and versions.missing()[1]:
        outcome.notes.append(
            f"Keys missing from the snapshot were not marked as deleted: {unknown} records without a "
            "readable key may be among them."
        )
    newest = [known_at] * (outcome.tombstones > 0)
    for fate, count, latest in versions.fates():
        outcome.fates[fate] += count
        newest += [latest] * (fate == "stored")
    if newest:
        outcome.known_at = max(newest)
        target = data_file(paths, connection.feed.name, outcome.known_at, look.delivery_id)
        try:
            _write_rows(duck, contracts, look, target, outcome.tombstones)
            outcome.fates["stored"] = pq.read_metadata(target).num_rows - outcome.tombstones
            outcome.close()
            versions.apply(look.delivery_id, outcome.tombstones)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    outcome.close()
    held_file.unlink(missing_ok=True)


def _hold_reason(versions: Versions, look: Look) -> str | None:
    spec = look.connection.spec
    if look.connection.delivery != "events" and spec.out_of_order == "hold":
        newer = look.overtaken_by and f"'{look.overtaken_by}', which came later,"
        if look.asserted_at and look.newest_asserted_at and look.asserted_at < look.newest_asserted_at:
            newer = f"a delivery of {look.newest_asserted_at:%Y-%m-%d %H:%M} UTC"
        if newer:
            return (
                f"Held: {newer} is in the lake already, and taking this older delivery in now would bring "
                "old values back. To take it in as the newest all the same, set `out_of_order: load` in "
                f"{look.connection.file}."
            )
    if not versions.is_snapshot:
        return None
    alive, missing = versions.missing()
    if alive and missing * 100 > spec.max_missing_pct * alive:
        return (
            f"Held: {missing} of {alive} known records are missing from this snapshot, more than "
            f"max_missing_pct ({spec.max_missing_pct} %). If that is right, raise max_missing_pct in "
            f"{look.connection.file}; if not, deliver the whole file."
        )
    return None


def _literal_moment(moment: datetime) -> str:
    return f"timestamp {literal(moment.isoformat(sep=' '))}"


def _rows(contracts: Contracts, look: Look, known_at: str, fates: str = "") -> str:
    """Return SQL of the mapped rows with all raw columns in the order of the contract."""
    connection = look.connection
    technical = {
        "delivery_id": literal(look.delivery_id),
        "delivery_row": "mapped.delivery_row",
        "source_system": literal(connection.spec.system),
        "ref_system": literal(connection.refs_system),
        "record_key": "mapped.record_key",
        "row_hash": "mapped.row_hash",
        "known_at": known_at,
        "is_deleted": "false",
        "custom_attributes": "mapped.custom_attributes",
        "unparsed_values": "mapped.unparsed_values",
    }
    columns = [f"mapped.{quoted(name)}" for name in connection.feed.column_names]
    columns += [f"{technical[c.name]}::{c.data_type} as {quoted(c.name)}" for c in contracts.technical]
    return f"select {', '.join(columns)} from {MAPPED_TABLE} as mapped {fates}"


def _tombstone_rows(contracts: Contracts, look: Look) -> str:
    connection = look.connection
    values = {
        connection.feed.key: f"substr(record_key, {len(connection.spec.system) + 2})",
        "delivery_id": literal(look.delivery_id),
        "source_system": literal(connection.spec.system),
        "ref_system": literal(connection.refs_system),
        "record_key": "record_key",
        "row_hash": "row_hash",
        "known_at": "known_at",
        "is_deleted": "true",
    }
    columns = [
        f"{values.get(column.name, 'null')}::{column.data_type} as {quoted(column.name)}"
        for column in contracts.raw_columns(connection.feed.name)
    ]
    return f"select {', '.join(columns)} from delivery_tombstones"


def _write_rows(
    duck: duckdb.DuckDBPyConnection, contracts: Contracts, look: Look, target: Path, tombstones: int
) -> None:
    fates = f"join {FATES_TABLE} as fates using (delivery_row) where fates.fate = 'stored'"
    query = _rows(contracts, look, "fates.known_at", fates)
    order = "order by delivery_row"
    if tombstones:
        query = f"select * from ({query} union all {_tombstone_rows(contracts, look)})"
        order += " nulls last, record_key"
    copy_to(duck, f"{query} {order}", target)
