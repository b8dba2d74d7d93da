"""The demo company, generated once in its usual size and twice in small."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration.demo import DemoSummary, generate

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Company:
    """A generated company with ways to read what was delivered."""

    summary: DemoSummary
    duck: duckdb.DuckDBPyConnection

    def files(self, pattern: str) -> list[Path]:
        return sorted(self.summary.landing.glob(pattern))

    def truth(self, name: str) -> list[dict[str, str]]:
        with (self.summary.truth / f"{name}.csv").open(encoding="utf-8", newline="") as source:
            return list(csv.DictReader(source))

    def rows(self, sql: str) -> list[tuple]:
        """Run SQL in which {landing} and {truth} are the folders."""
        return self.duck.execute(sql.format(landing=self.summary.landing, truth=self.summary.truth)).fetchall()

    def value(self, sql: str):
        ((found,),) = self.rows(sql)
        return found


@pytest.fixture(scope="session")
def company(tmp_path_factory) -> Company:
    summary = generate(tmp_path_factory.mktemp("demo") / "landing")
    return Company(summary, duckdb.connect())


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> DemoSummary:
    return generate(tmp_path_factory.mktemp("small") / "landing", leads=150, months=3, threads=1)
