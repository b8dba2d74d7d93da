"""Clocks once more, the slow way: the working hours of each day are laid out, pauses are cut out, and what is left is counted."""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path

SLA = Path(__file__).resolve().parents[2] / "seeds" / "rules" / "sla"
SHANGHAI = timedelta(hours=8)
DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


def _rows(name: str) -> list[dict[str, str]]:
    with (SLA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


KINDS = {row["calendar_date"]: row["day_kind"] for row in _rows("rule_sla__holidays")}
HOURS = {(row["calendar"], row["iso_weekday"]): row for row in _rows("rule_sla__business_hours")}
KNOWN_TO = datetime(max(int(day[:4]) for day in KINDS) + 1, 1, 1)


def _hours(calendar: str, day: date) -> list[Span]:
    kind = KINDS.get(day.isoformat())
    row = None if kind == "holiday" else HOURS.get((calendar, kind or str(day.isoweekday())))
    if row is None:
        return []
    marks = [row["opens"], row["break_from"], row["break_to"], row["closes"]]
    opens, break_from, break_to, closes = (datetime.combine(day, time.fromisoformat(mark)) for mark in marks)
    return [(opens, break_from), (break_to, closes)]


def _without(spans: list[Span], begin: datetime, end: datetime) -> list[Span]:
    pieces = [piece for a, b in spans for piece in ((a, min(b, begin)), (max(a, end), b))]
    return [(a, b) for a, b in pieces if a < b]


def timed(
    calendar: str, started: datetime, ended: datetime, budget: int, pauses: list[tuple[datetime, datetime | None]]
) -> tuple[int, datetime | None]:
    """Business seconds from start to end without pauses, and the due instant, None beyond the known years. Instants in UTC."""
    begin, end = (instant.replace(microsecond=0) + SHANGHAI for instant in (started, ended))
    days = [begin.date() + back * DAY for back in range((KNOWN_TO.date() - begin.date()).days)]
    free = [(max(a, begin), b) for day in days for a, b in _hours(calendar, day) if b > begin]
    for paused, resumes in pauses:
        free = _without(free, paused + SHANGHAI, resumes + SHANGHAI if resumes else KNOWN_TO)
    elapsed = sum((min(b, end) - a).total_seconds() for a, b in free if a < end)
    left = timedelta(seconds=budget)
    for a, b in free:
        if b - a >= left:
            return int(elapsed), a + left - SHANGHAI
        left -= b - a
    return int(elapsed), None
