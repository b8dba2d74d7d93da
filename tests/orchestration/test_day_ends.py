"""Which day-end a run computes: the same answer as the model gives to a plain `dbt build`."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from orchestration.warehouse.day_ends import (
    LakeState,
    Settings,
    day_end_to_compute,
    knowledge_date,
    last_complete_day_end,
)

SHANGHAI = Settings("Asia/Shanghai", cutoff_hour=6, history_days=7)


@pytest.mark.parametrize(
    ("known_at", "expected"),
    [
        ("2026-03-11 21:59:59", date(2026, 3, 11)),
        ("2026-03-11 22:00:00", date(2026, 3, 12)),
        ("2026-03-12 15:00:00", date(2026, 3, 12)),
    ],
)
def test_before_the_cut_off_it_still_counts_for_yesterday(known_at: str, expected: date) -> None:
    assert knowledge_date(datetime.fromisoformat(known_at), SHANGHAI) == expected


def test_the_last_day_end_is_the_one_that_the_newest_receipt_completes() -> None:
    asserted_long_ago = datetime(2026, 1, 1)
    for newest, expected in (("2026-03-11 21:59:59", 10), ("2026-03-11 22:00:00", 11)):
        lake = LakeState(datetime.fromisoformat(newest), asserted_long_ago)
        assert last_complete_day_end(lake, SHANGHAI) == date(2026, 3, expected)
        assert day_end_to_compute(lake, SHANGHAI) == date(2026, 3, expected)


def test_the_first_day_of_a_house_is_provisional_instead_of_empty() -> None:
    now = datetime(2026, 3, 12, 4)
    assert last_complete_day_end(LakeState(now, now), SHANGHAI) == date(2026, 3, 11)
    assert day_end_to_compute(LakeState(now, now), SHANGHAI) == date(2026, 3, 12)


def test_an_empty_lake_has_none() -> None:
    assert day_end_to_compute(LakeState(None, None), SHANGHAI) is None


def test_clocks_go_forward_and_back() -> None:
    berlin = Settings("Europe/Berlin", cutoff_hour=6, history_days=7)
    assert knowledge_date(datetime(2026, 3, 29, 3, 59), berlin) == date(2026, 3, 28)
    assert knowledge_date(datetime(2026, 3, 29, 4, 0), berlin) == date(2026, 3, 29)
    assert knowledge_date(datetime(2026, 10, 25, 4, 59), berlin) == date(2026, 10, 24)
    assert knowledge_date(datetime(2026, 10, 25, 5, 0), berlin) == date(2026, 10, 25)
