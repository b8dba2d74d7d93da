"""The business-time macros against a loop over every minute, on the shipped calendar (R32).

The macros run for real: a small dbt project with the shipped macros, calendar rules and rule models.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
PAIRS = 3_000
CLOCK_MINUTES = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(60)]
SHANGHAI = timedelta(hours=8)
MINUTE = timedelta(minutes=1)

PROJECT = """
name: leadhouse
config-version: 2
profile: leadhouse
model-paths: [models]
macro-paths: [macros]
seed-paths: [seeds]
vars: {business_timezone: Asia/Shanghai, cutoff_hour: 6}
"""

CLOCKS = """
with days as (select * from {{ ref('rul_sla__business_days') }}),
clocks as (select * from {{ ref('instants') }}),
measured as (
    select
        clocks.*,
        {{ business_seconds_between('clocks.from_local', 'from_days', 'clocks.to_local', 'to_days') }} as business_seconds,
        {{ business_position('clocks.from_local', 'from_days') }} + clocks.budget_seconds as target
    from clocks
    left join days as from_days on from_days.calendar = clocks.calendar and from_days.date_day = cast(clocks.from_local as date)
    left join days as to_days on to_days.calendar = clocks.calendar and to_days.date_day = cast(clocks.to_local as date)
),
targets as (select cast(pair as varchar) as deadline_key, calendar, target from measured)
select measured.pair, measured.business_seconds, {{ due_at('measured.target', 'due_day') }} as due_at
from measured
left join {{ due_days('targets', 'days') }} as reached on cast(measured.pair as varchar) = reached.deadline_key
left join days as due_day on reached.calendar = due_day.calendar and reached.date_day = due_day.date_day
"""

def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "seeds" / "rules" / "sla" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class MinuteCalendar:
    """Every minute of the range, open or not, read straight from the rule files."""

    def __init__(self):
        hours = {row["iso_weekday"]: row for row in rows("rule_sla__business_hours")}
        special = {row["calendar_date"]: row["day_kind"] for row in rows("rule_sla__holidays")}
        self.kinds = special
        self.start = datetime.combine(FIRST, time())
        open_minutes = []
        day = FIRST
        while day <= LAST:
            kind = special.get(day.isoformat())
            row = None if kind == "holiday" else hours.get("make_up" if kind == "make_up" else str(day.isoweekday()))
            for clock in CLOCK_MINUTES:
                open_minutes.append(
                    row is not None
                    and row["opens"] <= clock < row["closes"]
                    and not (row["break_from"] and row["break_from"] <= clock < row["break_to"])
                )
            day += timedelta(days=1)
        self.open = np.array(open_minutes)

    def minute(self, instant: datetime) -> int:
        return (instant - self.start) // MINUTE

    def seconds_between(self, begin: datetime, end: datetime) -> int:
        return 60 * int(self.open[self.minute(begin):self.minute(end)].sum())

    def due(self, begin: datetime, budget_seconds: int) -> datetime | None:
        open_minutes = np.flatnonzero(self.open[self.minute(begin):])[: budget_seconds // 60]
        return begin + (int(open_minutes[-1]) + 1) * MINUTE if len(open_minutes) == budget_seconds // 60 else None


def random_pairs(calendar: MinuteCalendar) -> list[tuple[datetime, datetime, int]]:
    chance = random.Random(20260214)
    special = [date.fromisoformat(day) for day in calendar.kinds if FIRST <= date.fromisoformat(day) < date(2026, 10, 1)]
    edges = [hour * 60 + minute for hour in (9, 12, 13, 18) for minute in (-1, 0, 1)] + [0, 24 * 60 - 1]
    found = []
    for number in range(PAIRS):
        day = chance.choice(special) if number % 2 else FIRST + timedelta(days=chance.randrange(600))
        minute = chance.choice(edges) if number % 3 else chance.randrange(24 * 60)
        begin = datetime.combine(day, time()) + minute * MINUTE
        end = begin + chance.choice([chance.randrange(1, 600), chance.randrange(1, 30 * 24 * 60)]) * MINUTE
        found.append((begin, end, 60 * chance.choice([1, 5, 30, 60, 239, 240, 480, 960, chance.randrange(1, 5_000)])))
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
def calendar() -> MinuteCalendar:
    return MinuteCalendar()


@pytest.fixture(scope="module")
def pairs(calendar) -> list[tuple[datetime, datetime, int]]:
    return random_pairs(calendar)


@pytest.fixture(scope="module")
def answers(tmp_path_factory, pairs) -> dict[int, tuple[int | None, datetime | None]]:
    """Business seconds and due instant (local) by pair; the exact cases follow the random ones."""
    home = tmp_path_factory.mktemp("business_time")
    shutil.copytree(ROOT / "dbt_project" / "macros", home / "macros")
    shutil.copytree(ROOT / "dbt_project" / "models" / "rules" / "sla", home / "models" / "sla")
    shutil.copytree(ROOT / "seeds" / "rules" / "sla", home / "seeds")
    shutil.copy(ROOT / "dbt_project" / "profiles.yml", home / "profiles.yml")
    (home / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (home / "models" / "clocks.sql").write_text(CLOCKS, encoding="utf-8")
    exact = [(begin, end, budget) for begin, end, budget, _, _ in EXACT.values()]
    instants = home / "instants.csv"
    with instants.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["pair", "calendar", "from_local", "to_local", "budget_seconds"])
        writer.writerows((number, "cn_business", *values) for number, values in enumerate([*pairs, *exact]))
    (home / "models" / "instants.sql").write_text(f"select * from read_csv('{instants}')", encoding="utf-8")
    env = os.environ | {"LEADHOUSE_HOME": str(home), "DBT_TARGET_PATH": str(home / "target"), "DBT_LOG_PATH": str(home / "logs")}
    run = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "build", "--project-dir", str(home), "--profiles-dir", str(home),
         "--exclude-resource-types", "test", "unit_test"],
        env=env, capture_output=True, text=True, cwd=home,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        found = con.execute("select pair, business_seconds, due_at from clocks").fetchall()
    return {pair: (seconds, due and due + SHANGHAI) for pair, seconds, due in found}


def test_business_seconds_equal_the_loop_over_minutes(pairs, answers, calendar):
    wrong = [
        (begin, end, answers[number][0], expected)
        for number, (begin, end, _) in enumerate(pairs)
        if answers[number][0] != (expected := calendar.seconds_between(begin, end))
    ]
    assert not wrong, wrong[:5]


def test_due_instants_equal_the_loop_over_minutes(pairs, answers, calendar):
    wrong = [
        (begin, budget, answers[number][1], expected)
        for number, (begin, _, budget) in enumerate(pairs)
        if answers[number][1] != (expected := calendar.due(begin, budget))
    ]
    assert not wrong, wrong[:5]


def test_the_sample_meets_the_hard_days(pairs, calendar):
    kinds = [calendar.kinds.get(begin.date().isoformat()) for begin, _, _ in pairs]
    assert len(pairs) >= 2_000
    assert kinds.count("holiday") > 500 and kinds.count("make_up") > 100
    assert sum(begin.time() == time(12, 0) for begin, _, _ in pairs) > 50


@pytest.mark.parametrize("name", EXACT)
def test_exact_case(name, pairs, answers):
    *_, seconds, due = EXACT[name]
    number = len(pairs) + list(EXACT).index(name)
    assert answers[number] == (seconds, due and datetime.fromisoformat(due))
