"""The second opinion on generated rule sets and leads (R13, R15): every dimension, total, range, band, segment and state of the ledger.

The world is delivered and built once; for each rule set only what depends on it is built again. About fifteen minutes on two cores, so
`make proof` runs it and plain `pytest` doesn't.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from generated_rules import SCORING, GeneratedRules
from generated_world import LAST, World, content_items
from oracle import Rules, active_people_by_company, band_of, score, segment_of
from oracle_inputs import disagreements, leads_at
from oracle_ledger import CAUSES, LedgerInputs, states
from world import deliver

from orchestration.ingestion.run import ingest
from orchestration.paths import paths
from orchestration.rules.check import check_rules
from orchestration.warehouse.dbt import Dbt

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
LEADS, RULE_SETS = 600, 20
DAYS = [LAST - timedelta(days=2), LAST - timedelta(days=1), LAST]
VARIABLES = {"as_of_date": LAST.isoformat(), "history_days": len(DAYS) - 1, "ledger_of_every_lead": True}
# Tests only where everything that they look at is built: maturity is not.
UP_TO_SCORING = ["--indirect-selection", "cautious", "--select", "+path:models/scoring"]
# What reads the rules of scoring and of segments, and all of scoring with its tests.
AFTER_A_RULE = [
    "--indirect-selection", "cautious", "--select",
    *[f"rule_scoring__{name}" for name in SCORING], "rule_tagging__segment",
    *[f"rul_scoring__{name}" for name in SCORING], "rul_tagging__segment", "rul_all_rules",
    "int_tagging__lead_segments", "int_tagging__signal_definitions", "int_tagging__touch_signal_days", "int_tagging__statement_signals",
    "int_tagging__lead_signals", "path:models/scoring",
]  # fmt: skip
BANDS = {"band": ("total", "score_milli"), "fit_band": ("fit", "fit_milli"), "engagement_band": ("engagement", "engagement_milli"), "bant_band": ("bant", "bant_milli")}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated world, delivered and built with the default rules."""
    folder = tmp_path_factory.mktemp("generated")
    story = World(LEADS, seed=29).story()
    story.rows.update({feed: [{"known_at": "2023-01-01 01:00:00", **row} for row in rows] for feed, rows in content_items().items()})
    deliver([story], folder / "landing", folder / "connections")
    result = ingest(folder / "connections", folder)
    assert result.ok, [*result.problems, *[receipt.message for receipt in result.failed]]
    built = Dbt(PROJECT, folder).build(UP_TO_SCORING, VARIABLES)
    assert built.is_green, built.explanation()
    return folder


@pytest.fixture(scope="module")
def dbt(home: Path) -> Dbt:
    """One launcher for all rule sets: they take each other's place in one folder."""
    return Dbt(PROJECT, home, home / "seeds")


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(1, RULE_SETS + 1))
def test_second_opinion_agrees_on_a_generated_rule_set(home: Path, dbt: Dbt, seed: int) -> None:
    GeneratedRules(seed, LAST).write(home / "seeds")
    assert check_rules(home / "seeds") == []
    built = dbt.build(AFTER_A_RULE, VARIABLES)
    assert built.is_green, built.explanation()
    rules = Rules(home / "seeds")
    with duckdb.connect(str(paths(home).warehouse), read_only=True) as con:
        for as_of in DAYS:
            leads, found = disagreements(con, rules, as_of)
            assert leads >= 500 or as_of < LAST
            assert found == [], f"{len(found)} of {leads}:\n" + "\n".join(found[:5])
            assert segments_and_bands(con, rules, as_of) == []
        for before, after in pairwise(DAYS):
            compared, found = ledger(con, rules, before, after)
            assert compared >= 500
            assert found == [], f"{len(found)} of {compared} states:\n" + "\n".join(found[:5])


def segments_and_bands(con: duckdb.DuckDBPyConnection, rules: Rules, as_of: date) -> list[str]:
    """Leads of another segment or band than the rules say."""
    tags: dict[str, set] = {}
    for lead_id, tag_group, tag in con.execute(
        "select lead_id, tag_group, tag from tagging.int_tagging__lead_tags where as_of_date = ?", [as_of]
    ).fetchall():
        tags.setdefault(lead_id, set()).add((tag_group, tag))
    headcounts = dict(con.execute("select lead_id, headcount from cleansing.int_cleansing__leads where as_of_date = ?", [as_of]).fetchall())
    columns = [*BANDS, *[measure for _, measure in BANDS.values()]]
    found = []
    rows = con.execute(
        f"select lead_id, segment, scope, {', '.join(columns)} from scoring.int_scoring__lead_scores where as_of_date = ?", [as_of]
    ).fetchall()
    for lead_id, segment, scope, *values in rows:
        told = dict(zip(columns, values, strict=True))
        expected = segment_of(frozenset(tags.get(lead_id, ())), headcounts[lead_id], rules, as_of)
        if (segment, scope) != expected:
            found.append(f"{as_of} {lead_id}: segment {segment} {scope}, second opinion {expected}")
        for column, (band_set, measure) in BANDS.items():
            if told[column] != (expected_band := band_of(band_set, told[measure], rules, as_of)):
                found.append(f"{as_of} {lead_id}: {column} {told[column]}, second opinion {expected_band}")
    return found


def ledger(con: duckdb.DuckDBPyConnection, rules: Rules, before: date, after: date) -> tuple[int, list[str]]:
    """How many states were compared between two day-ends, and one line for each on which warehouse and oracle differ.

    A cause is compared as the difference of two states of the oracle, behaviour as that of its day-end and its last state.
    """
    expected = states(LedgerInputs(con, before, after), rules)
    ends = {as_of: day_end_scores(con, rules, as_of) for as_of in (before, after)}
    told = {
        (state, lead_id): values
        for state, lead_id, *values in con.execute(
            """
            select
                state, lead_id,
                max(scaled_milli) filter (where dimension = 'fit'),
                max(scaled_milli) filter (where dimension = 'engagement'),
                max(scaled_milli) filter (where dimension = 'need'),
                sum(weighted_milli)::bigint
            from scoring.int_scoring__dimension_scores
            where as_of_date = ? and state <> 'day_end'
            group by all
            """,
            [after],
        ).fetchall()
    }
    found = []
    for state, scores in expected.items():
        for lead_id, one in scores.items():
            milli = [one.fit_milli, one.engagement_milli, one.need_milli, one.score_milli]
            if told.get((state, lead_id)) != milli:
                found.append(f"{after} {lead_id} {state}: warehouse {told.get((state, lead_id))}, second opinion {milli}")
    compared = sum(len(scores) for scores in expected.values())
    if len(told) != compared:
        found.append(f"{after}: the warehouse has {len(told)} states, the second opinion {compared}")
    columns = [f"{cause}_milli" for cause in (*CAUSES, "behaviour")]
    for lead_id, *causes in con.execute(
        f"select lead_id, {', '.join(columns)} from scoring.int_scoring__score_changes where as_of_date = ? and before_milli is not null and not has_ended",
        [after],
    ).fetchall():
        path = [ends[before][lead_id], *[expected[cause][lead_id].score_milli for cause in CAUSES], ends[after][lead_id]]
        if causes != [later - earlier for earlier, later in pairwise(path)]:
            found.append(f"{after} {lead_id}: causes {dict(zip(columns, causes, strict=True))}, second opinion's path {path}")
    return compared, found


def day_end_scores(con: duckdb.DuckDBPyConnection, rules: Rules, as_of: date) -> dict[str, int]:
    """The oracle's own totals at a day-end."""
    leads, company_of = leads_at(con, as_of)
    people = active_people_by_company(leads, company_of, rules, as_of)
    return {lead_id: score(lead, rules, as_of, people.get(lead_id)).score_milli for lead_id, lead in leads.items()}


@pytest.mark.proof
def test_the_generated_world_has_every_cause(home: Path, dbt: Dbt) -> None:
    """Otherwise the agreement above would say little: leads that merge, learn, fall silent, act, and hear late of it."""
    GeneratedRules(1, LAST).write(home / "seeds")
    built = dbt.build(AFTER_A_RULE, VARIABLES)
    assert built.is_green, built.explanation()
    with duckdb.connect(str(paths(home).warehouse), read_only=True) as con:
        columns = [*CAUSES, "behaviour", "new"]
        counted = con.execute(
            f"select {', '.join(f'count(*) filter (where {cause}_milli <> 0)' for cause in columns)} from scoring.int_scoring__score_changes"
        ).fetchone()
        leap_days = con.execute("select count(*) from cleansing.int_cleansing__touchpoints where strftime(occurred_on, '%m-%d') = '02-29'").fetchone()[0]
    assert all(counted), dict(zip(columns, counted, strict=True))
    assert leap_days > 50


# Cheap enough for every run of the tests -------------------------------------------------------------------------------


def test_generated_rule_sets_differ_and_have_edges() -> None:
    """Versions that begin on, before and after the last day-end, retired rules, weights of nothing and of everything."""
    sets = [GeneratedRules(seed, LAST) for seed in range(1, RULE_SETS + 1)]
    rows = [row for one in sets for file in one.files.values() for row in file]
    begin = Counter(row["valid_from"] for row in rows)
    assert all(begin[(LAST + timedelta(days=offset)).isoformat()] > 50 for offset in (-2, -1, 0, 1))
    assert sum(row["status"] == "retired" for row in rows) > 100
    weights = Counter(row["weight_pct"] for one in sets for row in one.files["rule_scoring__dimensions"])
    assert weights["0"] and weights["100"]
    assert len({str(one.files) for one in sets}) == RULE_SETS
