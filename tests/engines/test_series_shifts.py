"""The detector of series (macro series_shifts) against a machine that goes day by day, and what it is worth (R44)."""

from __future__ import annotations

import random
from pathlib import Path

import anomaly_quality as benchmark
import pytest

QUALITY = Path(__file__).resolve().parents[2] / "docs" / "quality.md"


def steady(factors: dict[int, float], mean: float = 120) -> list[int]:
    """A series with a weekday pattern and a little noise, whose level is multiplied from a day on."""
    chance, level, counts = random.Random(7), 1.0, []
    for n in range(benchmark.DAYS):
        level = factors.get(n, level)
        weekday = (benchmark.FIRST_DAY.weekday() + n) % 7
        counts.append(round(mean * level * (0.4 if weekday >= 5 else 1.1) * chance.uniform(0.93, 1.07)))
    return counts


def test_the_macro_finds_what_a_machine_finds_that_goes_day_by_day():
    rows, _ = benchmark.generate(7)
    numbers, days = benchmark.policy(), benchmark.judged_days()
    walked = {
        (series, direction, opened)
        for series, counts in enumerate(rows)
        for direction, opened in benchmark.walk(
            counts, days, benchmark.weekday_medians(counts, days, numbers["baseline_seasons"]), numbers
        )
        if opened >= benchmark.WARM_UP
    }
    found = {(alert.series, alert.direction, alert.opened) for alert in benchmark.detect(rows, numbers)}
    assert len(found) > 50
    assert found == walked


def test_equal_seeds_make_equal_series():
    assert benchmark.generate(3) == benchmark.generate(3)
    assert benchmark.generate(3)[0] != benchmark.generate(4)[0]


def test_a_level_that_stays_is_one_alert_and_a_day_is_none():
    """Up by 60 % for good; halved for good; up by half for ten days and back; one day of three times as many; nothing."""
    rows = [
        steady({250: 1.6}),
        steady({250: 0.5}),
        steady({250: 1.5, 260: 1.0}),
        steady({250: 3.0, 251: 1.0}),
        steady({}),
    ]
    found = [(alert.series, alert.direction) for alert in benchmark.detect(rows, benchmark.policy())]
    assert found == [(0, 1), (1, -1), (2, 1)]


def test_one_seed_is_found_as_well_as_the_handbook_says():
    """A tuning seed: the five held-out ones are a proof."""
    figures = benchmark.figures_of([benchmark.TUNING[0]], benchmark.policy())
    assert figures.precision >= 0.8
    assert figures.recall >= 0.75
    assert figures.false / figures.weeks <= 2


@pytest.mark.proof
def test_held_out_seeds_are_found_as_well_as_the_handbook_says():
    """R44: five of six planted shifts, nine of ten alerts true, less than one false alert a week over 60 series."""
    figures = benchmark.figures_of(benchmark.HELD_OUT, benchmark.policy())
    assert figures.precision >= 0.8
    assert figures.recall >= 0.8
    assert figures.false / figures.weeks <= 2
    assert figures.row("held-out seeds") in QUALITY.read_text("utf-8")
