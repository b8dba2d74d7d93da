"""Words, numbers and the waterfall on their own."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from reporting_serving import AS_OF, SEEDS

from orchestration.reporting.evidence import read_evidence
from orchestration.reporting.labels import Labels, formula_safe, keys_of, sentence, texts
from orchestration.reporting.serving import QUERIES, open_serving
from orchestration.reporting.waterfall import build_waterfall

PACKAGE = QUERIES.parent


@pytest.fixture(scope="module")
def labels(serving: Path) -> Labels:
    with open_serving(serving) as opened:
        return Labels("en", opened, opened.day_end())


def test_every_sentence_has_both_languages_and_the_same_values() -> None:
    for group, entries in texts().items():
        for key, entry in entries.items():
            assert set(entry) == {"en", "zh"}, f"{group}.{key}"
            values = [set(re.findall(r"\{(\w+)", text)) for text in (entry["en"], entry["zh"])]
            assert values[0] == values[1], f"{group}.{key}"


def test_every_sentence_is_used_and_every_used_one_exists() -> None:
    others = [PACKAGE.parent / "explain.py", *(PACKAGE.parent / "notifying").glob("*.py")]
    sources = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.j2"), *others]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    named = set(re.findall(r'"([a-z_]+\.[a-z0-9_]+)"', code)) - {"report.css", "period.css"}
    known = {f"{group}.{key}" for group, entries in texts().items() for key in entries}
    by_code = ("attribute.", "evidence.", "rule_finding.", "finding.", "period.", "matched_by.", "headline.", "waterfall.", "story.found_by")
    assert {key for key in known - named if not key.startswith(by_code)} == set()
    assert {key for key in named if key.split(".")[0] in texts() and key not in known} == set()


def test_every_field_that_a_verdict_names_has_a_label() -> None:
    with (SEEDS / "rules" / "cleansing" / "rule_cleansing__verdicts.csv").open(encoding="utf-8", newline="") as file:
        fields = {row["attribute"] or "record" for row in csv.DictReader(file)}
    missing = fields - set(texts()["attribute"])
    assert missing == set(), "name them in both languages under `attribute` in orchestration/reporting/texts.yml"


def test_every_query_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in [*PACKAGE.glob("*.py"), PACKAGE.parent / "explain.py"])
    assert [path.name for path in QUERIES.glob("*.sql") if f'"{path.stem}"' not in code] == []


@pytest.mark.parametrize(
    ("milli", "decimals", "sign", "expected"),
    [
        (74_650, 3, False, "74.650"), (74_650, 1, False, "74.7"), (74_650, 0, False, "75"), (74_499, 0, False, "74"),
        (-2_917, 1, True, "−2.9"), (2_917, 1, True, "+2.9"), (-49, 1, True, "0.0"), (0, 3, True, "0.000"),
        (1_234_567, 3, False, "1,234.567"), (None, 3, False, "–"),
    ],
)
def test_points(labels: Labels, milli: int | None, decimals: int, sign: bool, expected: str) -> None:
    assert labels.points(milli, decimals, sign=sign) == expected


def test_shares_counts_and_durations(labels: Labels) -> None:
    assert [labels.share(1, 3), labels.share(2, 3), labels.share(1, 0), labels.share(1, 2000)] == ["33.3%", "66.7%", "–", "0.1%"]
    assert [labels.signed(3), labels.signed(-3), labels.signed(0), labels.signed(None)] == ["+3", "−3", "±0", "–"]
    assert [labels.duration(1_320), labels.duration(7_200), labels.duration(9_000)] == ["22 min", "2 h", "2.5 h"]
    assert sentence("en", "story.records", n=1, date="x") == "1 source record, known since x."


def test_instants_are_business_time(labels: Labels) -> None:
    assert labels.instant(labels.day_end.known_until_at) == "2026-07-01 06:00"
    assert labels.day(AS_OF) == "2026-06-30"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=cmd()", "'=cmd()"), ("@sum", "'@sum"), ("+cmd", "'+cmd"), ("-2+3+cmd", "'-2+3+cmd"), ("\t=1", "'\t=1"),
        ("-", "-"), ("+86 138-0000 1111", "+86 138-0000 1111"), ("-5", "-5"), ("a=b", "a=b"), (None, ""), ("王=", "王="),
    ],
)
def test_formulas_are_neutralised(value: str | None, expected: str) -> None:
    assert formula_safe(value) == expected


@pytest.mark.parametrize("value", [["A-1@2000-01-01", "B-2"], '["A-1@2000-01-01","B-2"]', "A-1@2000-01-01,B-2", "A-1@2000-01-01|B-2"])
def test_rule_keys_are_read_however_a_mart_holds_them(value: object) -> None:
    assert keys_of(value) == ["A-1@2000-01-01", "B-2"]


def test_evidence_becomes_words(labels: Labels) -> None:
    said = read_evidence('{"score_before_milli": 81000, "rules": [{"rule_key": "ENG-042@2000-01-01", "cause": "behaviour", "change_milli": -2917}], "days_in_stage": 1, "decision_stage": "solution_evaluation"}', labels)
    assert said == [
        ("Score before", "81.0"), ("Rules", "ENG-042 Customer deletes our WeCom contact −2.9 (Behaviour)"), ("In stage", "1 day"),
        ("Stage", "Solution evaluation"),
    ]
    assert read_evidence(None, labels) == [] and read_evidence("plain", labels) == [("", "plain")]


def test_an_unknown_code_stays_readable(labels: Labels) -> None:
    assert labels.term("no_such", "industry") == "no_such"
    assert labels.term(None, "industry") == "Unknown"
    assert labels.rule("XXX-001@2000-01-01").label == "XXX-001"


def test_every_waterfall_adds_up_folded_or_not(serving: Path) -> None:
    with open_serving(serving) as opened:
        labels = Labels("en", opened, opened.day_end())
        leads = [f"L{number:06d}" for number in range(1, 49)]
        rows = opened.rows("contributions", lead_ids=leads)
        for lead_id in leads:
            own = [row for row in rows if row["lead_id"] == lead_id]
            score = opened.rows("lead", lead_id=lead_id)[0]["score_milli"]
            for most_rows in (None, 3, 20):
                waterfall = build_waterfall(own, score, "default", labels, most_rows=most_rows)
                assert waterfall.closes and waterfall.sum_milli == score
                steps = [step for dimension in waterfall.dimensions for step in dimension.steps]
                assert [step.end_milli for step in steps[:-1]] == [step.start_milli for step in steps[1:]]
                assert all(waterfall.low <= step.end_milli <= waterfall.high for step in steps)
