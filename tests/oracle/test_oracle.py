"""The second opinion itself, held to sums that were done by hand. What it says of the demo company and of the scenario world is asked
where those are built: `tests/warehouse/test_demo_marts.py` and `tests/scenarios/test_stories.py`.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from oracle import Fact, Lead, Rules, Touch, decay_millionths, rounded, score

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(SEEDS)


def test_story_1(rules):
    """R10, R11, R12, R13: 陈立 after the call, as in tests/scenarios/stories/r13_demo_request_on_the_same_day.yml."""
    profile = {
        "company_size": "medium", "industry": "gb_c", "region": "east_china", "revenue_band": "100m_400m",
        "company_standing": "high_tech", "job_level": "director", "department": "marketing", "decision_role": "decision_maker",
    }  # fmt: skip
    lead = Lead(
        "mid_market",
        frozenset(profile.items()),
        (
            Touch(TODAY, "webinar", "registered"),
            Touch(TODAY, "webinar", "attended_live", measure=45),
            Touch(TODAY, "content", "download", frozenset({"solution_evaluation"})),
            Touch(TODAY, "website", "page_view", frozenset({"pricing"})),
            Touch(TODAY, "form", "form_submit", frozenset({"content_gate"})),
            Touch(TODAY, "form", "form_submit", frozenset({"demo_request"})),
            Touch(TODAY, "call", "connected", measure=360),
        ),
        (
            Fact("tag|decision_role|decision_maker|", None),
            Fact("form_field|product_interest||", TODAY),
            Fact("touch|form.form_submit|demo_request|", TODAY),
            Fact("call_fact|pain_point||", TODAY),
            Fact("call_fact|buy_within_3_months||", TODAY),
            Fact("call_fact|asks_integration||", TODAY),
        ),
    )
    told = score(lead, rules, TODAY)
    # 0.35 x 76 + 0.35 x 165/300 + 0.30 x 96 = 74.65; budget and decision process open: 0.35 x 2 to 0.35 x 16 more
    assert (told.fit_milli, told.engagement_milli, told.need_milli, told.score_milli) == (76000, 55000, 96000, 74650)
    assert (told.score_min_milli, told.score_max_milli) == (75350, 80250)
    assert told.unknown_tag_groups == "budget_range|decision_process"


@pytest.mark.parametrize(
    ("age_days", "half_life_days", "millionths"),
    [(0, 30, 1_000_000), (60, 60, 500_000), (30, 60, 707_107), (140, 14, 977), (141, 14, 0), (3650, 365, 977), (1, 730, 999_051)],
)
def test_decay(age_days, half_life_days, millionths):
    """DESIGN 4: 2^(-age / half life) in millionths, 0 beyond ten half lives; 2^-0.5 = 0.7071067…, 2^-10 = 0.0009765…"""
    assert decay_millionths(age_days, half_life_days) == millionths


def test_halves_are_rounded_away_from_zero():
    assert [rounded(Fraction(n, 2)) for n in (-3, -1, 0, 1, 3)] == [-2, -1, 0, 1, 2]


def test_a_changed_rule_changes_the_opinion(rules):
    """The oracle reads the rows and not its own idea of them."""
    lead = Lead("default", touches=(Touch(TODAY, "website", "page_view", frozenset({"pricing"})),))
    before = score(lead, rules, TODAY).points_milli["engagement"]
    dearer = Rules(SEEDS)
    for row in dearer.files["engagement"]:
        if row["rule_id"] == "ENG-006":
            row["points"] = "20"
    # 10 pricing + 10 depth; 20 pricing + 10 depth
    assert (before, score(lead, dearer, TODAY).points_milli["engagement"]) == (20000, 30000)
