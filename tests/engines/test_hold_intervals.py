"""The closed form of hysteresis (macro hold_intervals) against a machine that walks day by day (R20, R22)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import duckdb
import jinja2
import pyarrow as pa
import pytest

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros"
LEADS = 2_000
DAYS = 180
FIRST_DAY = date(2026, 1, 1)
AS_OF = FIRST_DAY + timedelta(days=DAYS - 1)
FOREVER = date(9999, 12, 31)
STAYS = (0, 1, 2, 3, 7, 14)

Span = tuple[date, date, bool, bool, int]


@pytest.fixture(scope="module")
def macros() -> SimpleNamespace:
    """The shipped macros, rendered for DuckDB without a dbt project around them."""
    source = "\n".join(
        (MACROS / name).read_text(encoding="utf-8") for name in ("rules/hold_intervals.sql", "cross_engine/time.sql")
    )
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals["return"] = lambda value: value
    environment.globals["adapter"] = SimpleNamespace(dispatch=lambda name, _package: getattr(module, f"duckdb__{name}"))
    module = environment.from_string(source).module
    return module


def random_history(chance: random.Random) -> list[Span]:
    """Spans of one strength each, without gaps; the first day may lie anywhere, levels hover around the thresholds."""
    leave = chance.randint(1, 50)
    enter = leave + chance.choice((0, 1, 10, 30))
    stay = chance.choice(STAYS)
    day, spans = chance.randrange(DAYS), []
    while day < DAYS:
        until = min(day + chance.choice((1, 1, 2, 3, 6, 7, 8, 20)), DAYS)
        strength = chance.choice((0, leave - 1, leave, enter - 1, enter, enter + 5))
        spans.append((
            FIRST_DAY + timedelta(days=day), FIRST_DAY + timedelta(days=until),
            strength >= enter and chance.random() < 0.9, strength < leave, stay,
        ))
        day = until
    return spans


def held_days(spans: list[Span]) -> Iterator[date]:
    """The definition: held from a day that enters until the day that completes the stay below leave."""
    held, low_days = False, 0
    for span_from, span_to, is_entered, is_below_leave, stay in spans:
        for offset in range((span_to - span_from).days):
            low_days = low_days + 1 if is_below_leave else 0
            if is_entered:
                held = True
            elif low_days >= max(stay, 1):
                held = False
            if held:
                yield span_from + timedelta(days=offset)


def test_hold_intervals_equal_a_day_by_day_machine(macros):
    chance = random.Random(20260310)
    histories = {(f"L{lead}", level): random_history(chance) for lead in range(LEADS) for level in ("high", "medium")}
    rows = [(AS_OF, *key, *span) for key, spans in histories.items() for span in spans]
    names = ["as_of_date", "lead_id", "maturity_level", "span_from", "span_to", "is_entered", "is_below_leave", "stay_days"]
    connection = duckdb.connect()
    connection.register("spans", pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))))

    holds = connection.execute(macros.hold_intervals("spans", ["as_of_date", "lead_id", "maturity_level"])).fetchall()

    actual: dict[tuple[str, str], list[date]] = {key: [] for key in histories}
    for _, lead, level, held_from, held_to in sorted(holds):
        days = actual[lead, level]
        assert not days or held_from > days[-1], f"{lead}: stretches overlap"
        last = AS_OF if held_to == FOREVER else held_to - timedelta(days=1)
        days.extend(held_from + timedelta(days=offset) for offset in range((last - held_from).days + 1))
    wrong = [key for key, spans in histories.items() if actual[key] != list(held_days(spans))]
    assert not wrong, f"{len(wrong)} of {len(histories)} histories differ, first: {wrong[0]} {histories[wrong[0]]}"
    compared = sum((spans[-1][1] - spans[0][0]).days for spans in histories.values())
    assert compared > 26_191, "fewer lead x dates than the prototype compared"


def test_an_open_stretch_never_ends_before_the_day_end(macros):
    """A drop that would complete only after the day-end is not known yet: the stretch is open."""
    connection = duckdb.connect()
    connection.execute(
        "create table spans as select * from (values "
        "(date '2026-03-01', date '2026-03-05', true, false), (date '2026-03-05', date '2026-03-11', false, true)"
        ") as t(span_from, span_to, is_entered, is_below_leave), (values ('L1', 7)) as k(lead_id, stay_days)"
    )
    assert connection.execute(macros.hold_intervals("spans", ["lead_id"])).fetchall() == [("L1", date(2026, 3, 1), FOREVER)]


def test_spans_cover_every_day_once_and_change_only_at_boundaries(macros):
    """spans_of cuts time where something begins or ends; each day up to the day-end is in one span, with all that holds."""
    chance = random.Random(7)
    rows = []
    for lead in range(300):
        for _ in range(chance.randint(1, 6)):
            begins = chance.randrange(DAYS)
            ends = None if chance.random() < 0.2 else begins + chance.randint(1, 60)
            valid_to = FOREVER if ends is None else FIRST_DAY + timedelta(days=ends)
            rows.append((AS_OF, f"L{lead}", FIRST_DAY + timedelta(days=begins), valid_to))
    connection = duckdb.connect()
    names = ["as_of_date", "lead_id", "valid_from", "valid_to"]
    connection.register("intervals", pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))))

    spans = connection.execute(f"select * from ({macros.spans_of('intervals')}) where span_to is not null").fetchall()

    by_lead: dict[str, list[tuple[date, date]]] = {}
    for _, lead, span_from, span_to in sorted(spans):
        by_lead.setdefault(lead, []).append((span_from, span_to))
    intervals: dict[str, list[tuple[date, date]]] = {}
    for _, lead, valid_from, valid_to in rows:
        intervals.setdefault(lead, []).append((valid_from, valid_to))
    assert by_lead.keys() == intervals.keys()
    for lead, pieces in by_lead.items():
        assert pieces[0][0] == min(begins for begins, _ in intervals[lead])
        assert pieces[-1][1] == AS_OF + timedelta(days=1)
        assert all(earlier[1] == later[0] for earlier, later in pairwise(pieces))
        for begins, ends in intervals[lead]:
            inside = [p for p in pieces if p[0] < ends and begins < p[1]]
            assert all(begins <= p[0] and p[1] <= ends for p in inside), f"{lead}: a span straddles {begins} or {ends}"
