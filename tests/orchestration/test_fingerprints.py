"""Fingerprints tell equal content from different content, whatever the order."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.warehouse.fingerprints import Fingerprint, combined, fingerprint


def of(sql: str, threads: int = 2) -> Fingerprint:
    with duckdb.connect(config={"threads": threads}) as con:
        con.execute(f"create table t as {sql}")
        return fingerprint(con, "t")


def test_row_order_and_threads_do_not_matter() -> None:
    rows = "select i, 'name ' || i as name, case when i % 7 = 0 then null else i * 1.5 end as x from range(300000) r(i)"
    assert of(f"{rows} order by i", 1) == of(f"{rows} order by hash(i)", 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select 'ab' as a, 'c' as b", "select 'a' as a, 'bc' as b"),
        ("select null::varchar as a", "select '' as a"),
        ("select null::varchar as a", "select 'NULL' as a"),
        ("select 1 as a from range(2)", "select 1 as a"),
        ("select 1 as a", "select 2 as a"),
    ],
)
def test_different_content_differs(one: str, other: str) -> None:
    assert of(one) != of(other)


def test_what_grows_with_the_record_does_not_count() -> None:
    """How long the record of day-ends is depends on what was computed before; a replay has only its own days."""
    assert of("select 1 as a, 2 as days_on_record") == of("select 1 as a, 3 as days_on_record")
    assert of("select 1 as a, 2 as days_on_record") != of("select 2 as a, 2 as days_on_record")


def test_it_adds_up_over_parts() -> None:
    parts = [of(f"select i from range(100) r(i) where i % 2 = {part}") for part in (0, 1)]
    whole = of("select i from range(100) r(i)")
    assert (whole.rows, whole.digest) == (sum(p.rows for p in parts), sum(p.digest for p in parts))


def test_an_empty_table_has_one_too() -> None:
    assert of("select 1 as a where false") == Fingerprint(0, 0)


def test_text_and_back() -> None:
    value = of("select 1 as a, date '2026-01-01' as b, true as c, 1.25::decimal(9, 2) as d")
    assert Fingerprint.parse(str(value)) == value


def test_the_whole_depends_on_names_and_values() -> None:
    a, b = Fingerprint(1, 10), Fingerprint(2, 20)
    assert combined({"x": a, "y": b}) == combined({"y": b, "x": a})
    assert len({combined({"x": a}), combined({"y": a}), combined({"x": b})}) == 3
