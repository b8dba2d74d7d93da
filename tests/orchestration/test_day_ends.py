"""Which day-end a run computes: the same answer as the model gives to a plain `dbt build`."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from orchestration.warehouse.day_ends import (
    LakeState,
    Settings,
    Told,
    day_end_to_compute,
    knowledge_date,
    last_complete_day_end,
    month_ends_between,
    settings_of_day,
    settings_of_range,
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


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2025, 11, 30), date(2026, 11, 12), 12),
        (date(2025, 12, 1), date(2026, 10, 31), 11),
        (date(2024, 2, 29), date(2024, 2, 29), 1),
        (date(2024, 2, 1), date(2024, 2, 28), 0),
        (date(2025, 12, 31), date(2026, 1, 1), 1),
    ],
)
def test_month_ends_of_a_range(first: date, last: date, expected: int) -> None:
    assert month_ends_between(first, last) == expected


def test_a_range_of_month_ends_keeps_the_last_week_whole() -> None:
    """From 20 October to 20 November: the week before the 20th day by day, and 31 October."""
    before = Told(date(2026, 11, 19), history_days=7)
    first, last = date(2026, 10, 20), date(2026, 11, 20)
    settings = settings_of_range(SHANGHAI, first, last, only_month_ends=True, told=before)
    assert (settings.history_days, settings.history_month_ends) == (7, 1)
    short = settings_of_range(SHANGHAI, date(2026, 11, 18), last, only_month_ends=True, told=before)
    assert (short.history_days, short.history_month_ends) == (7, 0)
    whole = settings_of_range(SHANGHAI, first, last, only_month_ends=False, told=before)
    assert (whole.history_days, whole.history_month_ends) == (31, 0)


def test_a_record_that_begins_short_grows_by_a_day_a_day() -> None:
    """The first load of a large house computes two day-ends; a week later a day looks back a week."""
    range_of_two = (SHANGHAI, date(2026, 11, 1), date(2026, 11, 2), False)
    first_load = settings_of_range(*range_of_two, told=None)
    assert first_load.history_days == 1
    told = Told(date(2026, 11, 2), history_days=1)
    assert settings_of_range(*range_of_two, told=told) == first_load  # Asked for again: nothing is new.
    for day, expected in ((2, 1), (3, 2), (5, 4), (8, 7), (9, 7)):
        assert settings_of_day(SHANGHAI, date(2026, 11, day), told).history_days == expected
    assert settings_of_day(SHANGHAI, date(2026, 10, 20), told).history_days == 0
    assert settings_of_day(SHANGHAI, date(2026, 11, 2), None) == SHANGHAI
    assert settings_of_day(SHANGHAI, date(2026, 11, 2), Told(date(2026, 11, 9), 300)) == SHANGHAI
