"""The same rules have the same hash, however they lie in their files."""

from __future__ import annotations

import csv
import re

import pytest

from orchestration.rules.fingerprint import ruleset_hash

FIT = "rule_scoring__fit"


def test_order_line_ends_quoting_and_folders_do_not_count(rules):
    before = ruleset_hash(rules.folder)
    assert re.fullmatch("[0-9a-f]{64}", before)
    table = rules.read(FIT)
    rules.write(FIT, [table[0], *reversed(table[1:])], line_end="\r\n")
    path = rules.path("rule_tagging__region")
    table = rules.read(path.stem)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(table)
    path.rename(rules.folder / path.name)
    assert ruleset_hash(rules.folder) == before


@pytest.mark.parametrize(
    ("name", "rule_id", "cells"),
    [(FIT, "FIT-001", {"points": "17"}), (FIT, "FIT-001", {"why": "Else"}), ("exceptions", "EXC-001", {"pattern": "^1$"})],
)
def test_a_cell_counts(rules, name, rule_id, cells):
    before = ruleset_hash(rules.folder)
    rules.change(name, rule_id, **cells)
    assert ruleset_hash(rules.folder) != before


def test_a_row_counts_as_often_as_it_stands(rules):
    before = ruleset_hash(rules.folder)
    rules.append(FIT, "FIT-001")
    assert ruleset_hash(rules.folder) != before


def test_values_do_not_slip_between_columns(rules):
    rules.change(FIT, "FIT-001", tag_group="a", tag="bc")
    before = ruleset_hash(rules.folder)
    rules.change(FIT, "FIT-001", tag_group="ab", tag="c")
    assert ruleset_hash(rules.folder) != before


def test_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        ruleset_hash(tmp_path / "nothing")
