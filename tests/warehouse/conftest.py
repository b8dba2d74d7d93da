"""The demo company, generated, loaded, built and published once for all tests that ask what it must show."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
LEADHOUSE = Path(sys.executable).with_name("leadhouse")


@dataclass(frozen=True)
class Demo:
    """A published demo company and what the command printed."""

    home: Path
    demo_output: str
    run_output: str

    @property
    def serving(self) -> Path:
        return self.home / "serving" / "leadhouse.duckdb"


def leadhouse(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"LEADHOUSE_HOME": str(home), "COLUMNS": "200"} | variables
    return subprocess.run([str(LEADHOUSE), *arguments], env=env, capture_output=True, text=True, cwd=ROOT)


@pytest.fixture(scope="session")
def run_leadhouse():
    """The command in a process of its own: run_leadhouse(home, "run", LEADHOUSE_THREADS="1")."""
    return leadhouse


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Demo:
    home = tmp_path_factory.mktemp("demo") / "var"
    made = leadhouse(home, "demo")
    assert made.returncode == 0, made.stdout + made.stderr
    run = leadhouse(home, "backfill", "--from", "2025-11-30", "--month-ends", LEADHOUSE_THREADS="2")
    assert run.returncode == 0, run.stdout + run.stderr
    return Demo(home, made.stdout, run.stdout)


@pytest.fixture(scope="session")
def marts(demo: Demo) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(str(demo.serving), read_only=True)
    yield con
    con.close()


@pytest.fixture(scope="session")
def warehouse(demo: Demo) -> Iterator[duckdb.DuckDBPyConnection]:
    """The layers behind the marts; for tests that hold a mart against what it was made from."""
    con = duckdb.connect(str(demo.home / "warehouse.duckdb"), read_only=True)
    yield con
    con.close()
