"""Hostile text in every field of every feed, from delivery to the marts: nothing breaks, nothing is lost, nothing runs (R07)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hostile_text import HOSTILE, hostile_story
from world import deliver

from orchestration.ingestion.contracts import load_contracts
from orchestration.ingestion.run import ingest
from orchestration.warehouse.dbt import Dbt

pytestmark = pytest.mark.proof

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    deliver([hostile_story()], folder / "landing", folder / "connections")
    result = ingest(folder / "connections", folder)
    assert not result.problems
    built = Dbt(PROJECT, folder).build((), {"as_of_date": "2026-11-20", "history_days": 1})
    assert built.is_green, built.explanation()
    return folder


@pytest.fixture(scope="module")
def warehouse(home: Path):
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        yield con


def test_every_record_has_its_fate(home: Path, warehouse):
    records = 3 * len(HOSTILE) * len(load_contracts().feeds)
    found = warehouse.execute("select sum(records), count(*) filter (where difference <> 0) from marts.rpt_ingest_balance where as_of_date = '2026-11-20'").fetchone()
    assert found == (records, 0)


def test_text_in_the_lake_is_the_text_that_was_delivered(home: Path, warehouse):
    """A value that a column cannot hold is kept beside it; text is kept to the letter."""
    names = {row[0] for row in warehouse.execute(f"select person_name from read_parquet('{home}/lake/raw/crm_leads/*/*.parquet')").fetchall()}
    assert {text for text in HOSTILE if text.strip()} <= names


def test_every_mart_can_be_read(warehouse):
    marts = [row[0] for row in warehouse.execute("select table_name from information_schema.tables where table_schema = 'marts'").fetchall()]
    assert len(marts) > 20
    for mart in marts:
        warehouse.execute(f"select * from marts.{mart}").fetchall()
