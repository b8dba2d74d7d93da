"""The business-time macros against a loop over every minute, on the shipped calendars and in several zones (R32)."""

from __future__ import annotations

import csv
import random
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest
from business_time_project import ROOT, build

pytestmark = pytest.mark.slow

FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)
LAST_START = date(2026, 10, 1)
PAIRS = 10_000
CALENDARS = ("cn_business", "cn_xinjiang")
# East and west of the offices, summer time, and half an hour beside the hour.
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata")
CLOCK_MINUTES = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(60)]
SHANGHAI = timedelta(hours=8)
MINUTE = timedelta(minutes=1)
DAY = 24 * 60


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "seeds" / "rules" / "sla" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def special_days() -> dict[str, str]:
    return {row["calendar_date"]: row["day_kind"] for row in rows("rule_sla__holidays")}


class MinuteCalendar:
    """Every minute from 2018 to 2026 in UTC, open or not in a zone, read straight from the rule files."""

    def __init__(self, calendar: str, zone: str):
        hours = {row["iso_weekday"]: row for row in rows("rule_sla__business_hours") if row["calendar"] == calendar}
        open_at = {
            weekday: [
                row["opens"] <= clock < row["closes"] and not (row["break_from"] and row["break_from"] <= clock < row["break_to"])
                for clock in CLOCK_MINUTES
            ]
            for weekday, row in hours.items()
        }
        self.start = datetime.combine(FIRST, time())
        local = []
        for back in range((LAST - FIRST).days + 3):
            day = FIRST + timedelta(days=back - 1)
            kind = special_days().get(day.isoformat())
            weekday = None if kind == "holiday" else "make_up" if kind == "make_up" else str(day.isoweekday())
            local.append(open_at.get(weekday, [False] * DAY))
        # Minute by minute of UTC, what the wall clock of the zone says; an offset holds for an hour at least.
        self.wall = np.array(local).ravel()
        open_minutes = []
        for hour in range(((LAST - FIRST).days + 1) * 24):
            begin = (self.start + timedelta(hours=hour)).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            first = (begin - self.start) // MINUTE + DAY
            open_minutes.append(self.wall[first:first + 60])
        self.passed = np.concatenate([[0], np.cumsum(np.concatenate(open_minutes))])

    def minute(self, instant: datetime) -> int:
        return (instant - self.start) // MINUTE

    def seconds_between(self, begin: datetime, end: datetime) -> int:
        return 60 * int(self.passed[self.minute(end)] - self.passed[self.minute(begin)])

    def due(self, begin: datetime, budget_seconds: int) -> datetime:
        """The first minute before which as many open ones have passed."""
        wanted = self.passed[self.minute(begin)] + budget_seconds // 60
        return self.start + int(np.searchsorted(self.passed, wanted, side="left")) * MINUTE


@cache
def minutes(calendar: str, zone: str) -> MinuteCalendar:
    return MinuteCalendar(calendar, zone)


Pair = tuple[str, str, datetime, datetime, int]


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    """Calendar, zone, from and to (UTC), budget in seconds; half of them begin on a holiday or a make-up day, most at an edge."""
    chance = random.Random(20260214)
    special = [date.fromisoformat(day) for day in special_days() if FIRST < date.fromisoformat(day) < LAST_START]
    made_up = [day for day in special if special_days()[day.isoformat()] == "make_up"]
    edges = [hour * 60 + minute for hour in (9, 10, 12, 13, 14, 18) for minute in (-1, 0, 1)]
    edges += [15 * 60 + 29, 15 * 60 + 30, 19 * 60 + 29, 19 * 60 + 30, 0, 1, DAY - 1]
    found = []
    for number in range(PAIRS):
        calendar, zone = chance.choice(CALENDARS), chance.choice(ZONES)
        day = chance.choice([special, made_up][number % 4 == 1]) if number % 2 else FIRST + timedelta(days=chance.randrange(2, 3_100))
        minute = chance.choice(edges) if number % 3 else chance.randrange(DAY)
        local = datetime.combine(day, time()) + minute * MINUTE
        begin = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
        end = begin + chance.choice([chance.randrange(1, 600), chance.randrange(1, 30 * DAY)]) * MINUTE
        budget = 60 * chance.choice([1, 5, 30, 60, 239, 240, 480, 960, chance.randrange(1, 5_000)])
        found.append((calendar, zone, begin, end, budget))
    return found


EXACT = {
    # The demo request on the make-up Saturday before Spring Festival, 16:50: due 17:20 the same day, not after it.
    "make_up_saturday": ("2026-02-14 16:50:00", "2026-02-24 09:10:00", 1_800, 4_800, "2026-02-14 17:20:00"),
    "seconds_count": ("2026-03-02 09:00:59", "2026-03-02 09:01:01", 60, 2, "2026-03-02 09:01:59"),
    "over_lunch": ("2026-03-02 11:50:00", "2026-03-02 13:20:00", 1_800, 1_800, "2026-03-02 13:20:00"),
    "ends_at_lunch": ("2026-03-02 11:30:00", "2026-03-02 12:30:00", 1_800, 1_800, "2026-03-02 12:00:00"),
    "ends_at_closing": ("2026-03-06 17:30:00", "2026-03-09 09:00:00", 1_800, 1_800, "2026-03-06 18:00:00"),
    "from_sunday": ("2026-03-08 11:00:00", "2026-03-09 09:30:00", 1_800, 1_800, "2026-03-09 09:30:00"),
    "end_beyond_calendar": ("2026-12-31 17:00:00", "2027-01-04 10:00:00", 1_800, None, "2026-12-31 17:30:00"),
    "due_beyond_calendar": ("2026-12-31 17:00:00", "2026-12-31 17:30:00", 3_660, 1_800, None),
    "start_beyond_calendar": ("2027-01-04 10:00:00", "2027-01-04 11:00:00", 1_800, None, None),
    "before_the_calendar": ("2017-06-01 10:00:00", "2017-06-01 11:00:00", 1_800, None, None),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory, pairs) -> dict[int, tuple[int | None, datetime | None]]:
    """Business seconds and due instant (UTC) by pair; the exact cases follow the random ones."""
    home = tmp_path_factory.mktemp("business_time")
    exact = [
        ("cn_business", "Asia/Shanghai", *(datetime.fromisoformat(local) - SHANGHAI for local in (begin, end)), budget)
        for begin, end, budget, _, _ in EXACT.values()
    ]
    instants = tmp_path_factory.mktemp("instants") / "instants.csv"
    with instants.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["pair", "calendar", "zone", "from_at", "to_at", "budget_seconds"])
        writer.writerows((number, *pair) for number, pair in enumerate([*pairs, *exact]))
    build(home, f"select * from read_csv('{instants}')")
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        found = con.execute("select pair, business_seconds, due_at from clocks").fetchall()
    return {pair: (seconds, due) for pair, seconds, due in found}


def test_business_seconds_equal_the_loop_over_minutes(pairs, answers):
    wrong = [
        (pair, answers[number][0], expected)
        for number, (calendar, zone, begin, end, _) in enumerate(pairs)
        if answers[number][0] != (expected := minutes(calendar, zone).seconds_between(begin, end))
        for pair in [pairs[number]]
    ]
    assert not wrong, wrong[:5]


def test_due_instants_equal_the_loop_over_minutes(pairs, answers):
    wrong = [
        (pairs[number], answers[number][1], expected)
        for number, (calendar, zone, begin, _, budget) in enumerate(pairs)
        if answers[number][1] != (expected := minutes(calendar, zone).due(begin, budget))
    ]
    assert not wrong, wrong[:5]


def test_the_sample_meets_the_hard_cases(pairs):
    local = [begin.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)) for _, zone, begin, _, _ in pairs]
    kinds = [special_days().get(begin.date().isoformat()) for begin in local]
    assert len(pairs) == 10_000
    assert kinds.count("holiday") > 2_000 and kinds.count("make_up") > 1_000
    for edge in (time(0, 0), time(23, 59), time(9, 0), time(12, 0), time(13, 0), time(18, 0), time(14, 0), time(15, 30), time(19, 30)):
        assert sum(begin.time() == edge for begin in local) > 100, edge
    for calendar in CALENDARS:
        for zone in ZONES:
            assert sum(pair[:2] == (calendar, zone) for pair in pairs) > 1_000
    assert {begin.utcoffset() for begin in local if begin.tzinfo.key == "Europe/Berlin"} == {timedelta(hours=1), timedelta(hours=2)}


@pytest.mark.parametrize("name", EXACT)
def test_exact_case(name, pairs, answers):
    *_, seconds, due = EXACT[name]
    number = len(pairs) + list(EXACT).index(name)
    assert answers[number] == (seconds, due and datetime.fromisoformat(due) - SHANGHAI)
