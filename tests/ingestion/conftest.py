"""A small house for ingestion tests: write a connection, deliver files, run, look at the lake."""

from __future__ import annotations

import shutil
import textwrap
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion.lake import Receipt
from orchestration.ingestion.run import IngestResult, ensure_lake, ingest
from orchestration.paths import Paths, paths

NOW = datetime(2026, 3, 2, 8, 0)


@dataclass
class House:
    home: Path
    connections: Path
    now: datetime = NOW
    last: IngestResult | None = None
    results: list[IngestResult] = field(default_factory=list)

    @property
    def paths(self) -> Paths:
        return paths(self.home)

    def connect(self, text: str, name: str = "crm") -> Path:
        file = self.connections / f"{name}.yml"
        file.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
        return file

    def deliver(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        file = self.paths.landing / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(
            content if isinstance(content, bytes) else textwrap.dedent(content).lstrip("\n").encode(encoding)
        )
        return file

    def run(self, **options) -> IngestResult:
        options.setdefault("now", self.now)
        self.now += timedelta(minutes=1)
        self.last = ingest(self.connections, self.home, **options)
        self.results.append(self.last)
        for receipt in self.last.receipts:
            assert_conservation(receipt)
        return self.last

    def one(self, **options) -> Receipt:
        """Run and return the only receipt."""
        self.run(**options)
        (receipt,) = self.last.receipts
        return receipt

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect() as duck:
            duck.execute("set TimeZone = 'UTC'")
            return duck.execute(sql).fetchall()

    def table(self, folder: str) -> str:
        return f"read_parquet('{self.paths.lake}/{folder}/*/*.parquet', union_by_name = true, hive_partitioning = false)"

    def rows(
        self,
        columns: str,
        feed: str = "crm_leads",
        order: str = "known_at, delivery_row nulls last, record_key",
    ) -> list[tuple]:
        return self.query(f"select {columns} from {self.table('raw/' + feed)} order by {order}")

    def rejects(self, columns: str = "line_number, column_name, reason, raw_text") -> list[tuple]:
        return self.query(f"select {columns} from {self.table('rejects')} order by file_name, line_number")

    def receipts(self, columns: str = "file_name, status") -> list[tuple]:
        return self.query(f"select {columns} from {self.table('receipts')} order by received_at, file_name")

    def statuses(self) -> dict[str, str]:
        return {receipt.file_name: receipt.status for receipt in self.last.receipts}


def assert_conservation(receipt: Receipt) -> None:
    fates = receipt.stored + receipt.unchanged + receipt.duplicate + receipt.rejected + receipt.quarantined
    assert receipt.records == fates, receipt


@pytest.fixture(scope="session")
def empty_lake(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("empty")
    ensure_lake(home)
    return home


@pytest.fixture
def house(tmp_path, empty_lake) -> House:
    home = tmp_path / "home"
    shutil.copytree(empty_lake, home)
    connections = tmp_path / "connections"
    connections.mkdir()
    return House(home, connections)


@pytest.fixture
def leads(house) -> House:
    """A house with a plain connection of leads: snapshots, dated by their file names."""
    house.connect(
        """
        system: crm
        feed: crm_leads
        path: leads_*.csv
        delivery: snapshot
        known_at: {file_name: 'leads_([0-9-]+)', format: '%Y-%m-%d'}
        columns:
          lead_id: Id
          person_name: Name
          created_at: Created
        """
    )
    return house
