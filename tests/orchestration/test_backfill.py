"""A range of day-ends in one pass (DESIGN 3): the marts that keep day-ends hold it, and the next run is content."""

from __future__ import annotations

import json
import re

import duckdb
import pytest

pytestmark = pytest.mark.slow

FIRST, LAST = "2026-02-08", "2026-02-28"
DAYS = """
    select as_of_date::varchar as day, sum(leads)::bigint as leads, sum(score_milli_sum)::bigint as milli
    from marts.rpt_quality_daily group by 1 order by 1
"""


def quality(house) -> dict[str, tuple[int, int]]:
    with duckdb.connect(str(house.serving), read_only=True) as con:
        return {day: (leads, milli) for day, leads, milli in con.execute(DAYS).fetchall()}


@pytest.fixture(scope="module")
def filled(published, tmp_path_factory):
    house = published.house.copy(tmp_path_factory.mktemp("backfill"))
    return house, house.leadhouse("backfill", "--from", FIRST)


def test_the_range_is_there_and_its_last_day_is_published(filled, published) -> None:
    house, run = filled
    assert run.returncode == 0, run.stdout + run.stderr
    days = quality(house)
    # The first lead became known on the 10th before the cut-off, so the day-end of the 9th is the first to see it.
    assert [min(days), max(days), len(days)] == ["2026-02-09", LAST, 20]
    manifest = json.loads((house.home / "serving" / "published.json").read_text())
    assert (manifest["as_of_date"], manifest["settings"]["history_days"]) == (LAST, 20)


def test_a_day_of_the_range_is_what_it_was_day_by_day(filled, published) -> None:
    alone, together = quality(published.house), quality(filled[0])
    assert alone and alone == {day: together[day] for day in alone}


def test_the_last_day_has_the_fingerprint_that_it_has_alone(filled, published) -> None:
    said = [
        re.search(r"Fingerprint +([0-9a-f]{16})", run.stdout).group(1)
        for run in (filled[1], published.first_run)
    ]
    assert said[0] == said[1]


def test_the_next_run_has_nothing_to_do(filled) -> None:
    house, _ = filled
    run = house.leadhouse("run")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Nothing new" in run.stdout


def test_a_range_that_begins_after_its_end_is_refused(filled) -> None:
    run = filled[0].leadhouse("backfill", "--from", "2026-03-20")
    assert run.returncode == 1
    assert "cannot begin with 2026-03-20" in run.stdout and "still there" in run.stdout
