"""One look at all deliveries: what is new goes into the raw lake, everything that was seen gets a receipt."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.ingestion.connection import Connection, Delivered, load_connections
from orchestration.ingestion.contracts import Contracts, load_contracts
from orchestration.ingestion.delivery import FATES, Look, take_in
from orchestration.ingestion.lake import (
    Receipt,
    heal,
    published_until,
    read_receipts,
    write_receipts,
)
from orchestration.ingestion.lake import ensure_lake as _ensure_lake
from orchestration.ingestion.problems import DeliveryError, Problem
from orchestration.ingestion.textfile import sha256
from orchestration.ingestion.versions import Versions
from orchestration.paths import Paths, paths
from orchestration.sql import literal

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_FLUSHES = 2.0
MOST_WORKERS = 4
OnProgress = Callable[[int, int, str], None]


@dataclass
class IngestResult:
    """What one look at the deliveries did.

    `problems` are the mistakes in connection files that could not be used, `without_files` the connections
    whose path matches nothing, `overdue` those whose newest delivery is older than they promise, `healed` the
    deliveries that an interrupted run had left without receipt.
    """

    run_id: str
    receipts: list[Receipt] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    without_files: list[str] = field(default_factory=list)
    overdue: list[str] = field(default_factory=list)
    healed: list[str] = field(default_factory=list)
    anything_new: bool = False

    @property
    def failed(self) -> list[Receipt]:
        """Deliveries that could not be read; they are tried again at the next run."""
        return [receipt for receipt in self.receipts if receipt.status == "failed"]

    @property
    def held(self) -> list[Receipt]:
        """Deliveries held back whole until a person decides."""
        return [receipt for receipt in self.receipts if receipt.status == "quarantined"]

    @property
    def loaded(self) -> list[Receipt]:
        """Deliveries that this run took into the lake."""
        return [receipt for receipt in self.receipts if receipt.status == "loaded"]

    @property
    def totals(self) -> dict[str, int]:
        """Numbers of this run's records by fate, with `records`, `tombstones` and files by status."""
        totals = {
            name: sum(getattr(receipt, name) for receipt in self.receipts)
            for name in ("records", *FATES, "tombstones")
        }
        for status in ("loaded", "repeated", "quarantined", "failed"):
            totals[f"files_{status}"] = sum(receipt.status == status for receipt in self.receipts)
        return totals

    @property
    def ok(self) -> bool:
        """Whether every connection could be used and every delivery could be read."""
        return not self.problems and not self.failed


def ensure_lake(home: Path | str | None = None) -> Paths:
    """Make the lake's folders readable for dbt before anything was delivered; return the state folders."""
    state = paths(home)
    _ensure_lake(state, load_contracts())
    return state


def check_connections(folder: Path, home: Path | str | None = None) -> list[Problem]:
    """Check all connection files of a folder without reading deliveries; an empty list means all is well."""
    _, problems = load_connections(Path(folder), load_contracts(), paths(home).landing)
    return problems


def ingest(
    connections_dir: Path,
    home: Path | str | None = None,
    on_progress: OnProgress | None = None,
    *,
    now: datetime | None = None,
    threads: int | None = None,
) -> IngestResult:
    """Look at the files of all connections and take in what is new.

    A connection or a delivery that is wrong never stops the others. Only one process may do this at a time in
    one home; the caller holds the lock.

    Args:
        connections_dir: folder of connection files, or one file.
        home: root of the state; default LEADHOUSE_HOME.
        on_progress: called with (files done, files in all, what is being done).
        now: the moment of the run, naive UTC; default the clock.
        threads: threads of DuckDB; default all. The lake does not depend on it.

    Raises:
        ValueError: `serving/published.json` is unreadable.
        OSError: the state folders cannot be written.
    """
    contracts, state = load_contracts(), paths(home)
    _ensure_lake(state, contracts)
    started = now or datetime.now(UTC).replace(tzinfo=None)
    run = _Run(contracts, state, started, on_progress)
    return run.go(Path(connections_dir), threads)


@dataclass(frozen=True)
class _Candidate:
    file: Delivered
    asserted_at: datetime | None
    failure: str | None = None


def _hashed(candidate: _Candidate) -> tuple[_Candidate, str]:
    try:
        return candidate, sha256(candidate.file.path)
    except OSError as error:
        failure = f"The file cannot be opened ({error.strerror}). Check its permissions."
        return replace(candidate, failure=failure), ""


class _Run:
    def __init__(self, contracts: Contracts, state: Paths, now: datetime, on_progress: OnProgress | None):
        self.contracts = contracts
        self.paths = state
        self.now = now
        self.result = IngestResult(f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}")
        self.floor = published_until(state)
        self.history: dict[str, list[Receipt]] = {}
        self._tell = on_progress or (lambda done, total, note: None)
        self._flushed = time.monotonic()
        self._lock = threading.Lock()
        self._done = self._total = 0

    def go(self, folder: Path, threads: int | None) -> IngestResult:
        connections, self.result.problems = load_connections(folder, self.contracts, self.paths.landing)
        _remove_leftovers(self.paths)
        scratch = self.paths.temporary / f"ingest-{os.getpid()}-{self.result.run_id}"
        scratch.mkdir(parents=True)
        try:
            with duckdb.connect() as duck:
                duck.execute(f"set temp_directory = {literal(scratch / 'duckdb')}")
                if threads:
                    duck.execute(f"set threads = {int(threads)}")
                for receipt in read_receipts(duck, self.paths):
                    self.history.setdefault(receipt.connection, []).append(receipt)
                loaded = {r.delivery_id for rs in self.history.values() for r in rs if r.status == "loaded"}
                self.result.healed = heal(self.paths, loaded)
                self._all(duck, connections, scratch)
        finally:
            self._write_receipts()
            shutil.rmtree(scratch, ignore_errors=True)
        return self.result

    def _all(self, duck: duckdb.DuckDBPyConnection, connections: list[Connection], scratch: Path) -> None:
        """Take in all connections, several at a time: for small files planning takes longer than reading."""
        found = {connection.name: self._candidates(connection) for connection in connections}
        self._total = sum(len(candidates) for candidates in found.values())
        workers = min(MOST_WORKERS, os.cpu_count() or 1)
        with ThreadPoolExecutor(workers, thread_name_prefix="ingest") as pool:
            jobs = []
            for connection in connections:
                folder = scratch / connection.name
                folder.mkdir()
                jobs.append(pool.submit(self._one, duck.cursor(), connection, found[connection.name], folder))
            for job in jobs:
                job.result()
        for connection in connections:
            self._watch(connection, found[connection.name])
        self._tell(self._total, self._total, "")

    def _one(
        self,
        duck: duckdb.DuckDBPyConnection,
        connection: Connection,
        candidates: list[_Candidate],
        scratch: Path,
    ) -> None:
        """Take in the files of one connection; it shares nothing with the others but the list of receipts."""
        duck.execute("set TimeZone = 'UTC'")
        versions = Versions(duck, self.paths, connection)
        is_loaded = False
        for known in candidates:
            with self._lock:
                self._tell(self._done, self._total, f"{connection.name}: {known.file.name}")
            candidate, content_hash = _hashed(known)
            receipt = self._known(connection, candidate, content_hash)
            if receipt is None:
                if not is_loaded:
                    versions.load(self._stored(connection))
                    is_loaded = True
                receipt = self._new(duck, connection, versions, candidate, content_hash, scratch)
                self._note(receipt)
            with self._lock:
                self.result.receipts.append(receipt)
                self._done += 1
                if time.monotonic() - self._flushed > SECONDS_BETWEEN_FLUSHES:
                    self._write_receipts()
                    self._flushed = time.monotonic()
        if is_loaded:
            versions.save()
        duck.close()

    def _write_receipts(self) -> None:
        self.result.receipts.sort(
            key=lambda one: (one.connection, one.asserted_at or self.now, one.file_name)
        )
        write_receipts(self.paths, self.contracts, self.result.receipts)

    def _candidates(self, connection: Connection) -> list[_Candidate]:
        """Return the files of a connection in the order in which they became known."""
        candidates = []
        for file in connection.deliveries():
            try:
                candidates.append(_Candidate(file, connection.asserted_at(file.name)))
            except ValueError as error:
                candidates.append(_Candidate(file, None, str(error)))
        return sorted(candidates, key=lambda one: (one.asserted_at or self.now, one.file.name))

    def _receipts(self, connection: Connection, file_name: str | None = None) -> list[Receipt]:
        receipts = self.history.get(connection.name, [])
        return [one for one in receipts if file_name is None or one.file_name == file_name]

    def _stored(self, connection: Connection) -> list[str]:
        return [
            receipt.delivery_id
            for receipt in self._receipts(connection)
            if receipt.status == "loaded" and receipt.stored + receipt.tombstones > 0
        ]

    def _known(self, connection: Connection, candidate: _Candidate, content_hash: str) -> Receipt | None:
        """Return the receipt of a delivery that needs no reading, None for one that does."""
        earlier = self._receipts(connection, candidate.file.name)
        loaded = [receipt for receipt in earlier if receipt.status == "loaded"]
        last = loaded[-1] if loaded else None
        if last and last.content_hash == content_hash:
            if not self._read_again(connection, last):
                received = f"{last.received_at:%Y-%m-%d %H:%M} UTC"
                return self._logged_again(last, "repeated", f"Delivered before, received {received}.")
        elif (
            earlier
            and earlier[-1].status == "quarantined"
            and earlier[-1].content_hash == content_hash
            and earlier[-1].connection_hash == connection.content_hash
        ):
            return replace(earlier[-1], run_id=self.result.run_id, received_at=self.now)
        return None

    def _read_again(self, connection: Connection, last: Receipt) -> bool:
        """Whether rejected records deserve another try: the connection has changed since."""
        if not last.rejected or last.connection_hash == connection.content_hash:
            return False
        loaded = [receipt for receipt in self._receipts(connection) if receipt.status == "loaded"]
        return connection.delivery == "events" or loaded[-1].delivery_id == last.delivery_id

    def _logged_again(self, receipt: Receipt, status: str, message: str) -> Receipt:
        nothing = dict.fromkeys(("records", *FATES, "tombstones"), 0)
        return replace(
            receipt,
            run_id=self.result.run_id,
            received_at=self.now,
            status=status,
            message=message,
            **nothing,
        )

    def _new(
        self,
        duck: duckdb.DuckDBPyConnection,
        connection: Connection,
        versions: Versions,
        candidate: _Candidate,
        content_hash: str,
        scratch: Path,
    ) -> Receipt:
        file = candidate.file
        loaded = [receipt for receipt in self._receipts(connection) if receipt.status == "loaded"]
        same = sum(one.file_name == file.name and one.content_hash == content_hash for one in loaded)
        asserted = [receipt.asserted_at for receipt in loaded if receipt.asserted_at]
        look = Look(
            run_id=self.result.run_id,
            delivery_id=delivery_id(connection.name, file.name, content_hash, same),
            connection=connection,
            file=file,
            asserted_at=candidate.asserted_at,
            now=self.now,
            floor=self.floor,
            newest_asserted_at=max(asserted, default=None),
            overtaken_by=self._overtaken_by(connection, file.name, content_hash),
        )
        receipt = Receipt(
            run_id=look.run_id,
            delivery_id=look.delivery_id,
            connection=connection.name,
            source_system=connection.spec.system,
            feed=connection.feed.name,
            delivery_kind=connection.delivery,
            file_name=file.name,
            content_hash=content_hash,
            file_bytes=file.path.stat().st_size if content_hash else 0,
            received_at=self.now,
            known_at=look.known_at,
            status="failed",
            connection_hash=connection.content_hash,
            asserted_at=look.asserted_at,
            expected_every_hours=connection.expected_every_hours,
        )
        try:
            if candidate.failure:
                raise DeliveryError(candidate.failure)
            outcome = take_in(duck, self.paths, self.contracts, versions, look, scratch)
        except DeliveryError as error:
            return replace(receipt, message=str(error))
        except Exception as error:
            # One delivery must never take the others with it, whatever its bytes made a library do.
            logger.exception("unexpected failure in delivery %s of %s", file.name, connection.name)
            reason = (str(error).splitlines() or [""])[0]
            message = f"Unexpected {type(error).__name__}: {reason} Nothing was stored; please report this."
            return replace(receipt, message=message)
        return replace(
            receipt,
            status=outcome.status,
            known_at=outcome.known_at,
            records=outcome.records,
            tombstones=outcome.tombstones,
            message=" ".join(outcome.notes),
            **outcome.fates,
        )

    def _overtaken_by(self, connection: Connection, file_name: str, content_hash: str) -> str | None:
        """Return the file that was loaded after a look at this one that did not end in loading it."""
        first_look: str | None = None
        overtaker: str | None = None
        for receipt in self._receipts(connection):
            if receipt.status == "loaded":
                if receipt.file_name == file_name:
                    first_look = overtaker = None
                elif first_look:
                    overtaker = receipt.file_name
            elif receipt.file_name == file_name and receipt.content_hash == content_hash:
                first_look = first_look or receipt.run_id
        return overtaker

    def _note(self, receipt: Receipt) -> None:
        """Remember a receipt for the deliveries that follow, and whether it changes anything downstream."""
        with self._lock:
            earlier = self.history.setdefault(receipt.connection, [])
            told = any(
                one.delivery_id == receipt.delivery_id and one.status == receipt.status for one in earlier
            )
            self.result.anything_new |= receipt.status == "loaded" or not told
            earlier.append(receipt)

    def _watch(self, connection: Connection, candidates: list[_Candidate]) -> None:
        if not candidates:
            self.result.without_files.append(connection.name)
        hours = connection.expected_every_hours
        arrivals = [receipt.known_at for receipt in self._receipts(connection) if receipt.status == "loaded"]
        if hours and arrivals and (self.now - max(arrivals)).total_seconds() > hours * 3600:
            self.result.overdue.append(connection.name)


def delivery_id(connection: str, file_name: str, content_hash: str, loaded_before: int = 0) -> str:
    """Return the identity of a delivery.

    Args:
        connection: name of the connection.
        file_name: name of the file as in the receipt.
        content_hash: sha256 of the file.
        loaded_before: how often exactly this was loaded already; more than 0 when a file returns to an
            earlier content, or is read again after its connection was corrected.
    """
    parts = [connection, file_name, content_hash] + ([str(loaded_before)] if loaded_before else [])
    return hashlib.md5("\x1f".join(parts).encode()).hexdigest()


def _remove_leftovers(state: Paths) -> None:
    """Remove scratch folders of processes that are gone."""
    for folder in state.temporary.glob("ingest-*-*"):
        try:
            os.kill(int(folder.name.split("-")[1]), 0)
        except (ProcessLookupError, ValueError):
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue
