"""R09: the job level of Chinese titles, against 300 labelled by hand before anybody looked at the rules.

`job_titles_labelled.csv` holds titles of résumés, drawn once with a seed, by frequency and without repetition. Where two
people would disagree, such as on 部长 between manager and director, `level` names each reading that is right, separated
by |, the likeliest first. `unknown` means that the title says nothing about a level.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
LABELLED = Path(__file__).with_name("job_titles_labelled.csv")
RULES = SEEDS / "rules" / "tagging" / "rule_tagging__job_level.csv"
SENIOR = {"c_level", "vp"}


@pytest.fixture(scope="module")
def levels():
    """Levels as int_tagging__value_tags and int_tagging__direct_tags give them: lower case, smallest (priority, id)."""
    connection = duckdb.connect(":memory:")
    rules = connection.from_csv_auto(str(RULES), all_varchar=True)
    kinds = {kind for (kind,) in rules.project("match_kind").distinct().fetchall()}
    assert kinds == {"regex"}, "the SQL below knows only patterns"

    def of(titles: list[str]) -> dict[str, str]:
        connection.execute("create or replace table titles as select unnest($1::varchar[]) as title", [titles])
        found = connection.execute(
            f"""
            select titles.title, coalesce(arg_min(rules.tag, (rules.priority::int, rules.rule_id)), 'unknown')
            from titles left join read_csv('{RULES}', all_varchar = true) as rules
                on rules.attribute = 'job_title' and rules.status = 'active'
                and regexp_matches(lower(trim(titles.title)), rules.argument)
            group by titles.title
            """
        )
        return dict(found.fetchall())

    return of


def labelled() -> dict[str, list[str]]:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        return {row["title"]: row["level"].split("|") for row in csv.DictReader(file)}


def test_labels_are_words_of_the_vocabulary():
    with (SEEDS / "vocabulary" / "vocabulary_terms.csv").open(encoding="utf-8", newline="") as file:
        known = {row["code"] for row in csv.DictReader(file) if row["vocabulary"] == "job_level"}
    titles = labelled()
    assert len(titles) == 300
    assert {level for each in titles.values() for level in each} <= known


def test_95_of_100_titles_get_the_right_level(levels):
    expected = labelled()
    found = levels(list(expected))
    wrong = {title: (found[title], right) for title, right in expected.items() if found[title] not in right}
    assert len(wrong) <= 0.05 * len(expected), "\n".join(map(str, wrong.items()))


def test_nobody_is_taken_for_the_head_of_the_company(levels):
    """The dearest mistake: a wrong c_level makes a decision maker of somebody who is none."""
    expected = labelled()
    found = levels(list(expected))
    wrong = {title for title, right in expected.items() if found[title] == "c_level" and "c_level" not in right}
    # In a company without a board 执行董事 is its head, in a listed one a member of the board: the rules say head.
    assert wrong <= {"执行董事"}


TRAPS = [
    ("总经理", {"c_level"}),
    ("副总经理", {"vp"}),
    ("付总经理", {"vp"}),
    ("常务副总经理", {"vp"}),
    ("总经理助理", {"director", "assistant"}),
    ("总裁助理", {"director", "assistant"}),
    ("董事长助理", {"director", "assistant"}),
    ("总经理秘书", {"assistant"}),
    ("业务开发部总经理助理", {"assistant"}),
    ("总经理办公室", {"unknown"}),
    ("总经理办公室主任", {"director", "manager"}),
    ("董事会秘书", SENIOR),
    ("董秘", SENIOR),
    ("证券事务代表", {"professional", "staff"}),
    ("财务部总经理", {"director", "manager"}),
    ("财务部副总经理", {"director", "manager"}),
    ("事业部总经理", {"vp"}),
    ("事业一部副总经理", {"vp"}),
    ("全球研究发展部副总裁", {"vp"}),
    ("华东区总经理", {"vp"}),
    ("副董事长", {"board_member"}),
    ("副董事长兼总经理", SENIOR),
    ("独立董事", {"board_member"}),
    ("首席执行官", {"c_level"}),
    ("首席科学家", {"director", "professional"}),
    ("教授级高级工程师", {"professional"}),
    ("助理工程师", {"professional"}),
    ("主任工程师", {"professional"}),
    ("副教授", {"academic"}),
    ("客户关系主任", {"manager"}),
    ("高级管理人员", SENIOR),
    ("管理委员会主任", {"manager", "director", "c_level"}),
    ("中共党员", {"unknown"}),
    ("实习律师", {"intern_student"}),
    ("cto", {"c_level"}),
    ("CTO", {"c_level"}),
]  # fmt: skip


@pytest.mark.parametrize(("title", "right"), TRAPS)
def test_traps(levels, title, right):
    assert levels([title])[title] in right
