"""A warehouse as dbt leaves it, small enough to be built by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.warehouse.audit import Audit, write_audit
from orchestration.warehouse.inputs import Inputs

INPUTS = Inputs(
    as_of_date="2026-03-31",
    settings={"business_timezone": "Asia/Shanghai", "cutoff_hour": 6, "history_days": 7, "rules_as_of": ""},
    ruleset_hash="rules1",
    code_hash="code1",
    git_commit="abc",
    deliveries=("d1", "d2"),
)


def build_warehouse(
    home: Path,
    as_of_date: str = "2026-03-31",
    score: int = 70,
    green: bool = True,
    newest_known_at: str = "2026-04-01T00:00:00Z",
) -> None:
    """Write warehouse.duckdb with three marts and the record of its audit."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "warehouse.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute(
            f"""
            create schema marts;
            create schema cleansing;
            create table cleansing.int_cleansing__day_ends as
                select date '{as_of_date}' as as_of_date, date '{as_of_date}' + 1 - interval 8 hour as as_of_at,
                    date '{as_of_date}' + 1 - interval 2 hour as known_until_at, true as is_current;
            create table marts.dim_rules as
                select 'FIT-001@2000-01-01' as rule_key, 'FIT-001' as rule_id;
            create table marts.fct_lead_scores as
                select 'L' || i as lead_id, date '{as_of_date}' as as_of_date, {score} + i as score,
                    case when i % 3 = 0 then null else 'A' end as band
                from range(100) as r(i) order by hash(i);
            create table marts.rpt_lead_queue as select 'rep' as owner_ref, 1::bigint as queue_rank, 'L1' as lead_id;
            """
        )
    values = {**INPUTS.as_dict(), "as_of_date": as_of_date}
    inputs = Inputs.from_dict(values)
    audit = Audit(inputs, is_green=green, is_complete=True, newest_known_at=newest_known_at, checks=12)
    write_audit(home, audit)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def rebuild(home: Path) -> Callable[..., None]:
    """Build a warehouse, in `home` unless told otherwise."""
    return lambda where=home, **values: build_warehouse(where, **values)
