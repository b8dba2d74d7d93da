"""Explain finds a lead by whatever one has at hand, tells it in words, and its points add up."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from reporting_serving import MARKUP_NAME
from rich.console import Console

from orchestration.explain import LeadNotFoundError, explain, explain_data
from orchestration.reporting import NotPublishedError


def printed(serving: Path, lead: str, lang: str = "en", width: int = 130) -> tuple[int, str]:
    stream = io.StringIO()
    status = explain(serving, lead, lang, Console(file=stream, width=width, highlight=False))
    return status, stream.getvalue()


@pytest.mark.parametrize(
    ("key", "matched_by", "lead_id"),
    [
        ("L000005", "lead_id", "L000005"), ("l000005", "lead_id", "L000005"), ("L900005", "former_lead_id", "L000005"),
        ("LEAD5@example.cn ", "email", "L000005"), ("13800000005", "mobile", "L000005"), ("+86 138-0000-0005", "mobile", "L000005"),
        ("CRM-5", "source_id", "L000005"), ("demo_crm:CRM-5", "source_id", "L000005"), ("F-5", "source_id", "L000005"), ("wx-5", "source_id", "L000005"), ("陈立", "name", "L000001"),
        ("苏州衡川精密机械有限公司", "company", "L000001"), ("衡川精密", "part_of_name", "L000001"), (MARKUP_NAME, "name", "L000003"),
    ],
)
def test_a_lead_is_found_by_each_key(serving: Path, key: str, matched_by: str, lead_id: str) -> None:
    data = explain_data(serving, key)
    assert (data["status"], data["matched_by"], data["lead"]["lead_id"]) == ("found", matched_by, lead_id)


def test_two_people_of_one_name_are_listed(serving: Path) -> None:
    data = explain_data(serving, "赵敏")
    assert data["status"] == "ambiguous"
    assert {row["lead_id"] for row in data["candidates"]} >= {"L000005", "L000006"}
    status, text = printed(serving, "赵敏")
    assert status == 2 and "L000005" in text and "L000006" in text


def test_nobody_is_a_friendly_answer(serving: Path) -> None:
    with pytest.raises(LeadNotFoundError, match="No lead is found"):
        explain_data(serving, "nobody@nowhere.cn")
    status, text = printed(serving, "没有这个人", "zh")
    assert status == 1 and "没有找到“没有这个人”" in text


@pytest.mark.parametrize("key", ["", " ", "%", "_", "'", "';drop table x", "1"])
def test_odd_keys_find_nobody(serving: Path, key: str) -> None:
    with pytest.raises(LeadNotFoundError):
        explain_data(serving, key)


def test_nothing_published_is_a_friendly_answer(unpublished: Path) -> None:
    with pytest.raises(NotPublishedError, match="leadhouse run"):
        explain_data(unpublished, "L000001")
    status, text = printed(unpublished, "L000001", "zh")
    assert status == 1 and "尚未发布" in text


def test_the_points_add_up_to_the_score(serving: Path) -> None:
    for number in (1, 2, 3, 4, 7, 12):
        data = json.loads(json.dumps(explain_data(serving, f"L{number:06d}"), ensure_ascii=False))
        waterfall = data["waterfall"]
        steps = [step for dimension in waterfall["dimensions"] for step in dimension["steps"]]
        assert waterfall["closes"]
        assert sum(step["share_milli"] for step in steps) == data["lead"]["score_milli"] == waterfall["sum_milli"]
        assert sum(dimension["share_milli"] for dimension in waterfall["dimensions"]) == waterfall["score_milli"]


def test_the_story_says_what_happened_and_why(serving: Path) -> None:
    """fit 76, engagement 165 of 300, need 96: .35 × 76 + .35 × 55 + .30 × 96 = 26.6 + 19.25 + 28.8 = 74.65."""
    status, text = printed(serving, "陈立")
    assert status == 0
    for said in (
        "陈立 · 苏州衡川精密机械有限公司 · 市场总监", "Owner: 王敏.", "Made of CRM leads demo_crm:CRM-1, Form submissions F-1.", "Worth asking: Budget range, Decision process.", "Webinar registration", "Score 75 (74.650): Band A (sales first).",
        "Seven days ago it was 56.7: +17.9 since.", "Conversion stage: Active engagement, since", "(12 days), by CST-003.", "(3 days). Why: Score, band or maturity.",
        "Place 1 of the queue", "PRI-006 High maturity", "ENG-019 Demo request form",
        "Marketing operations · Asks for a demo", "+26.600", "+19.250", "+28.800", "Σ shares = 74.650 = score",
    ):
        assert said in text, said


def test_the_story_in_chinese(serving: Path) -> None:
    _, text = printed(serving, "陈立", "zh")
    for said in ("负责人：王敏。", "评分 75（74.650）：A级(优先跟进)。", "位于队列第 1 位", "提交演示申请", "各行份额之和 = 74.650 = 总分"):
        assert said in text, said


def test_an_excluded_lead_is_told_why_it_is_not_in_the_queue(serving: Path) -> None:
    _, text = printed(serving, "孙悦")
    assert "Not in the queue: PRI-901 Carries an exclusion tag (Student or job seeker)." in text
    assert "Excluded: Student or job seeker." in text
    assert "Full marks and floor  WGT-001" in text


def test_a_plunge_is_told_with_its_evidence(serving: Path) -> None:
    _, text = printed(serving, "L000004", width=200)
    assert "Alert ANO-001 Score plunge (Critical, Open)" in text
    assert "ENG-042 Customer deletes our WeCom contact" in text


def test_names_are_never_read_as_markup(serving: Path) -> None:
    _, text = printed(serving, "L000003")
    assert MARKUP_NAME in text and "[red]采购[/red]" in text


def test_a_narrow_terminal_loses_no_number(serving: Path) -> None:
    _, text = printed(serving, "L000001", width=80)
    assert "+26.600" in text and "74.650" in text


def test_the_story_tells_why_the_score_moved(serving: Path) -> None:
    """R15, R45: each step with its causes, what only faded between two of them, and the sum from the first to the last."""
    _, text = printed(serving, "L000004", width=200)
    for said in (
        "2026-06-10: new, 40.000",
        "2026-06-18: 40.000 → 81.400, band C → A: Decay −0.100, Behaviour of the day +41.500.",
        "Between 2026-06-18 and 2026-06-25 it only faded by time: −0.400.",
        "2026-06-26: 81.000 → 49.600, band A → B: Decay −0.400, Silence −31.000.",
        "From 2026-06-09 to 2026-06-26: 0.000 → 49.600, of which New lead +40.000, Decay −0.900, Silence −31.000, "
        "Behaviour of the day +41.500.",
    ):
        assert said in text, text
    assert "How the score came here" in text and "评分变化" in printed(serving, "L000004", "zh")[1]


def test_the_story_of_a_score_is_told_between_two_days(serving: Path) -> None:
    data = explain_data(serving, "L000004", "en", date(2026, 6, 20), date(2026, 6, 30))
    said = next(part["sentences"] for part in data["story"] if part["heading"] == "How the score came here")
    assert said == ["2026-06-26: 81.000 → 49.600, band A → B: Decay −0.400, Silence −31.000."]
    quiet = explain_data(serving, "L000004", "en", date(2026, 6, 27))
    assert "No visible change is on record since 2026-06-27; the record begins 2026-06-10." in str(quiet["story"])
