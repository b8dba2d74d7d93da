"""What once decided something is never changed or deleted; reasons and labels may be."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from orchestration.rules.check import RulesHistoryError, append_only_problems

ROOT = Path(__file__).resolve().parents[2]
FIT, ENG = "rule_scoring__fit", "rule_scoring__engagement"


def commit_of(reference: str) -> str:
    command = ["git", "-C", str(ROOT), "rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def test_rules_of_this_branch_only_add_to_those_of_main():
    """The project's own rules; LEADHOUSE_RULES_BASE names another reference to compare with."""
    candidates = (os.environ.get("LEADHOUSE_RULES_BASE"), "origin/main", "main")
    base = next((name for name in candidates if name and commit_of(name)), None)
    if base is None:
        pytest.skip("no main branch to compare with: not a Git working tree, or a shallow clone")
    if commit_of(base) == commit_of("HEAD"):
        pytest.skip(f"this is {base} itself: nothing to compare with")
    problems = append_only_problems(base, ROOT)
    assert not problems, "\n".join(map(str, problems))


@pytest.fixture
def project(rules):
    """The folder of the rules as a Git repository whose branch `main` holds them as they are."""
    root = rules.folder.parent
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "seeds"],
        ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "rules"],
    ):
        subprocess.run(["git", "-C", str(root), *command], check=True)
    return root


def problems_of(project, published_until=None):
    return append_only_problems("main", project, published_until)


def test_nothing_changed(project):
    assert problems_of(project) == []


def test_a_changed_number(rules, project):
    line = rules.change(ENG, "ENG-006", points="20")
    (found,) = problems_of(project)
    assert (found.file, found.row, found.column) == (f"seeds/rules/scoring/{ENG}.csv", line, "points")
    assert found.problem == "ENG-006 from 2000-01-01 said 10 and now says 20."
    assert "append a row with a later valid_from" in found.remedy


def test_an_emptied_cell(rules, project):
    rules.change(ENG, "ENG-006", half_life_days="")
    (found,) = problems_of(project)
    assert "said 30 and now says (empty)" in found.problem


def test_a_changed_status_is_a_change(rules, project):
    rules.change(ENG, "ENG-006", status="retired")
    (found,) = problems_of(project)
    assert found.column == "status"


def test_a_deleted_row(rules, project):
    rules.remove(FIT, "FIT-001")
    (found,) = problems_of(project)
    assert found.problem == "FIT-001 from 2000-01-01 was deleted (it is line 2 in main)."
    assert "status is retired" in found.remedy


def test_a_deleted_file(rules, project):
    rules.path("rule_tagging__mail_domain_kind").unlink()
    assert [found.problem for found in problems_of(project)] == [
        "TAG-535 from 2000-01-01 was deleted (it is line 2 in main)."
    ]


def test_reasons_and_labels_may_change(rules, project):
    rules.change(FIT, "FIT-001", why="Measured now", owner="sales_ops", reference="backtest", label_en="Big")
    rules.change("exceptions", "EXC-001", comment="Seen again")
    assert problems_of(project) == []


def test_an_exception_is_held_to_its_rule_and_pattern(rules, project):
    rules.change("exceptions", "EXC-001", rule_id="IDN-001")
    (found,) = problems_of(project)
    assert found.column == "rule_id" and "EXC-001" in found.problem


def test_order_spelling_and_new_columns_do_not_count(rules, project):
    table = rules.read(FIT)
    points = table[0].index("points")
    for row in table[1:]:
        row[points] += ".0"
    rules.write(FIT, [table[0], *reversed(table[1:])], line_end="\r\n")
    table = rules.read(ENG)
    rules.write(ENG, [[*row, "note" if row[0] == "rule_id" else ""] for row in table])
    yml = rules.path(ENG).with_name("_scoring__rules.yml")
    text = yml.read_text("utf-8")
    begin = text.index(f"- name: {ENG}\n")
    reference = text.index("      - *reference\n", begin) + len("      - *reference\n")
    yml.write_text(text[:reference] + "      - {name: note, config: {meta: {type: text}}}\n" + text[reference:], "utf-8")
    assert problems_of(project) == []


def test_a_change_is_a_new_row(rules, project):
    rules.append(ENG, "ENG-006", valid_from="2026-12-01", points="20")
    assert problems_of(project) == []


def test_a_new_version_begins_after_the_newest(rules, project):
    line = rules.append(ENG, "ENG-006", valid_from="1999-01-01", points="20")
    (found,) = problems_of(project)
    assert (found.row, found.column) == (line, "valid_from")
    assert "cannot begin before it" in found.problem


def test_published_days_are_not_rewritten(rules, project):
    """The last published day-end is 22 November: a row may begin on the 23rd, not on the 22nd."""
    rules.append(ENG, "ENG-006", valid_from="2026-11-23", points="20")
    assert problems_of(project, date(2026, 11, 22)) == []
    line = rules.append(FIT, "FIT-001", rule_id="FIT-500", tag="unknown", valid_from="2026-11-22")
    (found,) = problems_of(project, date(2026, 11, 22))
    assert found.row == line and "published (the last one is 2026-11-22)" in found.problem


def test_rows_of_the_future_may_be_edited_and_withdrawn(rules, project):
    rules.append(ENG, "ENG-006", valid_from="2026-12-01", points="20")
    subprocess.run(
        ["git", "-C", str(project), "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qam", "later"],
        check=True,
    )
    table = rules.read(ENG)
    table[-1][table[0].index("points")] = "15"
    rules.write(ENG, table)
    assert problems_of(project, date(2026, 11, 22)) == []
    assert len(problems_of(project, date(2026, 12, 1))) == 1
    assert len(problems_of(project)) == 1
    rules.write(ENG, table[:-1])
    assert problems_of(project, date(2026, 11, 22)) == []


def test_a_column_that_decided_something_stays(rules, project):
    table = rules.read("rule_cleansing__source_trust")
    drop = table[0].index("trust")
    rules.write("rule_cleansing__source_trust", [row[:drop] + row[drop + 1 :] for row in table])
    yml = rules.path("rule_cleansing__source_trust").with_name("_cleansing__rules.yml")
    text = yml.read_text("utf-8")
    begin = text.index("{name: trust,", text.index("- name: rule_cleansing__source_trust\n"))
    line = text.rindex("\n", 0, begin) + 1
    yml.write_text(text[:line] + text[text.index("\n", begin) + 1 :], "utf-8")
    problems = problems_of(project)
    assert len(problems) == 8 and "The column trust is gone" in problems[0].problem


def test_unknown_reference(project):
    with pytest.raises(RulesHistoryError, match="cannot read the rules to compare with"):
        append_only_problems("no-such-branch", project)


def test_no_repository(rules, tmp_path_factory):
    with pytest.raises(RulesHistoryError, match="not a git repository"):
        append_only_problems("main", tmp_path_factory.mktemp("plain"))
