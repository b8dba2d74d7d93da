"""Records of earlier day-ends are handed to a build that begins with an empty database (docs/decisions/0010)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.warehouse.records import RECORDS, hand_over_records


@pytest.fixture
def serving(tmp_path: Path) -> Path:
    path = tmp_path / "leadhouse.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        for mart in RECORDS:
            con.execute(f"create table marts.{mart} as select date '2026-03-01' + i::int as as_of_date, i from range(3) r(i)")
    return path


def days(warehouse: Path, mart: str) -> list[str]:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return [row[0] for row in con.execute(f"select as_of_date::varchar from marts.{mart} order by 1").fetchall()]


def test_a_replay_is_given_the_days_before(serving: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "replay" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    hand_over_records(serving, warehouse, date(2026, 3, 3))
    for mart in RECORDS:
        assert days(warehouse, mart) == ["2026-03-01", "2026-03-02"]


def test_a_warehouse_that_was_deleted_gets_all_of_it_and_a_living_one_keeps_its_own(serving: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    hand_over_records(serving, warehouse)
    assert len(days(warehouse, RECORDS[0])) == 3
    with duckdb.connect(str(warehouse)) as con:
        con.execute(f"delete from marts.{RECORDS[0]} where as_of_date > date '2026-03-01'")
    hand_over_records(serving, warehouse)
    assert days(warehouse, RECORDS[0]) == ["2026-03-01"]


def test_without_a_publication_or_a_record_in_it_nothing_happens(tmp_path: Path) -> None:
    warehouse, serving = tmp_path / "warehouse.duckdb", tmp_path / "leadhouse.duckdb"
    hand_over_records(serving, warehouse)
    assert not warehouse.exists()
    duckdb.connect(str(serving)).close()
    hand_over_records(serving, warehouse)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        assert con.execute("select count(*) from information_schema.tables").fetchone() == (0,)
