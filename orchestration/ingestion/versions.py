"""The current version of every key that a connection has delivered, and what a new delivery changes in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from orchestration.ingestion.connection import Connection
from orchestration.ingestion.lake import copy_to
from orchestration.ingestion.mapping import KEY_ID, MAPPED_TABLE, VERSION_ID
from orchestration.paths import Paths
from orchestration.sql import literal

VERSIONS_TABLE = "current_versions"
FATES_TABLE = "delivery_fates"
_COLUMNS = "key_id ubigint, record_key varchar, version_id ubigint, known_at timestamp, is_deleted boolean"
_MENTIONED = f"select key_id from {MAPPED_TABLE} where key_id is not null"


class Versions:
    """The table `current_versions` in DuckDB for one connection, kept between runs as a Parquet file."""

    def __init__(self, duck: duckdb.DuckDBPyConnection, paths: Paths, connection: Connection):
        self._duck = duck
        self._connection = connection
        self._file = paths.state / f"{connection.name}.parquet"
        self._folder = paths.raw / connection.feed.name
        self._stored: list[str] = []
        self._changed = False

    @property
    def is_snapshot(self) -> bool:
        """Whether each delivery holds every key that still exists."""
        return self._connection.delivery == "snapshot"

    def load(self, stored: Iterable[str]) -> None:
        """Fill the table: from its file where that knows exactly these deliveries, else from the lake.

        Args:
            stored: ids of the deliveries of this connection of which rows are in the lake.
        """
        self._stored = sorted(stored)
        self._duck.execute(f"create or replace temp table {VERSIONS_TABLE} ({_COLUMNS})")
        if not self._stored:
            return
        if self._file.exists() and _deliveries_of(self._file) == self._fingerprint():
            self._duck.execute(
                f"insert into {VERSIONS_TABLE} select * from read_parquet({literal(self._file)})"
            )
        else:
            self._rebuild()
            self._changed = True

    def save(self) -> None:
        """Write the table to its file when it has changed."""
        if self._changed:
            options = f"kv_metadata {{deliveries: {literal(self._fingerprint())}}}"
            copy_to(self._duck, f"select * from {VERSIONS_TABLE} order by key_id", self._file, options)
            self._changed = False

    def _fingerprint(self) -> str:
        kind = self._connection.delivery
        return hashlib.md5("\n".join([kind, *sorted(self._stored)]).encode()).hexdigest()

    def _rebuild(self) -> None:
        wanted = set(self._stored)
        files = [literal(file) for file in sorted(self._folder.glob("*/*.parquet")) if file.stem in wanted]
        if not files:
            return
        source = f"read_parquet([{', '.join(files)}], union_by_name = true, hive_partitioning = false)"
        if self.is_snapshot:
            query = f"""
                select
                    {KEY_ID} as key_id, record_key, {_signature("row_hash", "delivery_row")} as version_id,
                    max(known_at) as known_at, bool_or(is_deleted) as is_deleted
                from (
                    select * from {source}
                    qualify delivery_id = arg_max(delivery_id, known_at) over (partition by record_key)
                )
                group by record_key
            """
        else:
            query = f"""
                select
                    {KEY_ID} as key_id, null::varchar as record_key,
                    md5_number_lower(arg_max(row_hash, (known_at, delivery_row))) as version_id,
                    max(known_at) as known_at, false as is_deleted
                from {source} group by record_key
            """
        self._duck.execute(f"insert into {VERSIONS_TABLE} {query}")

    def missing(self) -> tuple[int, int]:
        """Return how many keys are alive, and how many of them the delivery does not mention."""
        counted = self._duck.execute(
            f"""
            select count(*), count(*) filter (key_id not in ({_MENTIONED}))
            from {VERSIONS_TABLE} where not is_deleted
            """
        ).fetchone()
        return (counted[0], counted[1]) if counted else (0, 0)

    def decide(self, asserted_at: datetime, floor: datetime | None, *, has_repeated_keys: bool) -> None:
        """Create `delivery_fates(delivery_row, key_id, version_id, fate, known_at)` for the accepted rows.

        A snapshot compares all rows of a key at once with the version before; changes and events compare each
        row with the one before it. `known_at` is what the row or else the delivery asserts, never before
        `floor`, and always after the version that it replaces.

        Args:
            asserted_at: instant of the delivery, naive UTC.
            floor: last published known_until, naive UTC.
            has_repeated_keys: some key has several rows in the delivery.
        """
        accepted = f"select * from {MAPPED_TABLE} where reject_column is null"
        same_version = "partition by key_id, version_id order by delivery_row"
        same_key = f"partition by key_id order by coalesce(asserted_at, {_moment(asserted_at)}), delivery_row"
        if self.is_snapshot:
            repeats = f"""
                select delivery_row, is_repeat, false as is_follow_up, signature
                from (select *, row_number() over ({same_version}) > 1 as is_repeat from repeated)
                join (
                    select key_id, {_signature("row_hash", "delivery_row")} as signature
                    from (select * from repeated qualify row_number() over ({same_version}) = 1)
                    group by key_id
                ) using (key_id)
            """
        else:
            repeats = f"""
                select
                    delivery_row, null::ubigint as signature,
                    coalesce(lag(version_id) over ({same_key}) = version_id, false) as is_repeat,
                    coalesce(lag(version_id) over ({same_key}) <> version_id, false) as is_follow_up
                from repeated
            """
        again = "duplicate" if self._connection.delivery == "events" else "unchanged"
        published = _moment(floor) if floor else "null"
        if has_repeated_keys:
            several = "select key_id from accepted group by key_id having count(*) > 1"
            repeated_rows = f"select * from accepted semi join ({several}) using (key_id)"
            repeats = f"repeated as ({repeated_rows}), repeats as ({repeats})"
        else:
            nothing = "null::bigint as delivery_row, false as is_repeat, false as is_follow_up"
            repeats = f"repeats as (select {nothing}, null::ubigint as signature where false)"
        self._duck.execute(
            f"""
            create or replace temp table {FATES_TABLE} as
            with accepted as ({accepted}),
            {repeats}
            select
                accepted.delivery_row, accepted.key_id,
                coalesce(repeats.signature, accepted.version_id) as version_id,
                case
                    when repeats.is_repeat then 'duplicate'
                    when repeats.is_follow_up then 'stored'
                    when coalesce(repeats.signature, accepted.version_id) = version.version_id
                        and not version.is_deleted then '{again}'
                    else 'stored'
                end as fate,
                greatest(
                    coalesce(accepted.asserted_at, {_moment(asserted_at)}),
                    {published},
                    version.known_at + interval 1 microsecond
                ) as known_at
            from accepted
            left join {VERSIONS_TABLE} as version on accepted.key_id = version.key_id
            left join repeats on accepted.delivery_row = repeats.delivery_row
            """
        )

    def fates(self) -> list[tuple[str, int, datetime]]:
        """Return number of records and newest known_at by fate of the delivery that was decided."""
        query = f"select fate, count(*), max(known_at) from {FATES_TABLE} group by fate order by fate"
        return self._duck.execute(query).fetchall()

    def bury(self, asserted_at: datetime, floor: datetime | None) -> int:
        """Create `delivery_tombstones` for the keys that the delivery does not mention; return their number.

        Args:
            asserted_at: instant of the delivery, naive UTC.
            floor: last published known_until, naive UTC.
        """
        published = _moment(floor) if floor else "null"
        (buried,) = self._duck.execute(
            f"""
            create or replace temp table delivery_tombstones as
            select
                key_id, record_key, md5('deleted ' || record_key) as row_hash,
                greatest({_moment(asserted_at)}, {published}, known_at + interval 1 microsecond) as known_at
            from {VERSIONS_TABLE}
            where not is_deleted and key_id not in ({_MENTIONED})
            """
        ).fetchone() or (0,)
        return buried

    def apply(self, delivery_id: str, tombstones: int) -> None:
        """Let the stored rows and the tombstones of the delivery be the current versions."""
        stored = f"{FATES_TABLE} as fates where fate = 'stored'"
        record_key, buried = "null::varchar", ""
        if tombstones:
            buried = (
                f"union all select key_id, record_key, {VERSION_ID}, known_at, true from delivery_tombstones"
            )
        if self.is_snapshot:
            mapped = f"(select delivery_row, record_key from {MAPPED_TABLE}) using (delivery_row)"
            stored = f"{FATES_TABLE} as fates join {mapped} where fate = 'stored'"
            record_key = "any_value(record_key)"
        self._duck.execute(
            f"""
            merge into {VERSIONS_TABLE} as known using (
                select
                    key_id, {record_key} as record_key,
                    arg_max(version_id, (known_at, delivery_row)) as version_id,
                    max(known_at) as known_at, false as is_deleted
                from {stored} group by key_id
                {buried}
            ) as changed on known.key_id = changed.key_id
            when matched then update set
                version_id = changed.version_id, known_at = changed.known_at, is_deleted = changed.is_deleted
            when not matched then insert values (
                changed.key_id, changed.record_key, changed.version_id, changed.known_at, changed.is_deleted
            )
            """
        )
        self._stored.append(delivery_id)
        self._changed = True


def _signature(row_hash: str, order: str) -> str:
    """Return SQL of one version id for all rows of a key; with a single row it is that row's own."""
    joined = f"md5_number_lower(string_agg({row_hash}, '|' order by {order}))"
    return f"case when count(*) = 1 then md5_number_lower(any_value({row_hash})) else {joined} end"


def _moment(moment: datetime) -> str:
    return f"timestamp {literal(moment.isoformat(sep=' '))}"


def _deliveries_of(file: Path) -> str:
    metadata = pq.read_metadata(file).metadata or {}
    return metadata.get(b"deliveries", b"").decode()
