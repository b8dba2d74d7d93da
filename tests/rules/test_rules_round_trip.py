"""R49: a marketer takes the rules to Excel or WPS and back; what a spreadsheet does to a cell is never accepted silently."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.rules import commands
from orchestration.rules.accidents import Cell, same_value, understand
from orchestration.rules.files import Column, load_rule_files
from orchestration.rules.overlay import lay_over
from orchestration.rules.round_trip import Calendar, Edit, plan_import
from orchestration.rules.spreadsheet import (
    HELPER_SHEETS,
    SpreadsheetError,
    read_incoming,
    sheet_name,
)
from orchestration.rules.workbook import csv_bytes, write_csv_files, write_workbook
from orchestration.rules.write_back import edited, prepare, publish

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
TODAY = date(2026, 11, 22)
CALENDAR = Calendar(TODAY, date(2026, 11, 20))
ENG, FIT, JOB, HRS, SIZE = (
    "rule_scoring__engagement", "rule_scoring__fit", "rule_tagging__job_level", "rule_sla__business_hours",
    "rule_tagging__company_size",
)
DEFAULT, _ = load_rule_files(SEEDS)


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("export") / "rules.xlsx"
    write_workbook(path, list(DEFAULT.values()), SEEDS, TODAY)
    return path


class Book:
    """The exported workbook of one rule file in somebody's hands."""

    def __init__(self, path: Path, seeds: Path, file: str) -> None:
        self.path, self.file = path, file
        self.files = DEFAULT if seeds == SEEDS else load_rule_files(seeds)[0]
        if seeds == SEEDS:
            path.write_bytes(pristine(file))
        else:
            write_workbook(path, [self.files[file]], seeds, TODAY)
        self.book = openpyxl.load_workbook(path)
        for name in HELPER_SHEETS:
            del self.book[name]
        self.sheet = self.book[sheet_name(file)]
        self.columns = [cell.value for cell in self.sheet[1]]

    def cell(self, rule_id: str, column: str):
        row = next(row for row in self.sheet.iter_rows(min_row=2) if row[0].value == rule_id)
        return row[self.columns.index(column)]

    def set(self, rule_id: str, column: str, value, number_format: str = "General") -> str:
        cell = self.cell(rule_id, column)
        cell.value, cell.number_format = value, number_format
        return f"{self.sheet.title}!{cell.coordinate}"

    def copy_row(self, rule_id: str, /, **cells) -> None:
        row = next(row for row in self.sheet.iter_rows(min_row=2, values_only=True) if row[0] == rule_id)
        found = dict(zip(self.columns, row, strict=True)) | cells
        self.sheet.append([found[name] for name in self.columns])

    def plan(self, calendar: Calendar = CALENDAR):
        self.book.save(self.path)
        return plan_import(self.files, read_incoming(self.path, self.files), calendar)


@cache
def pristine(file: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.xlsx"
        write_workbook(path, [DEFAULT[file]], SEEDS, TODAY)
        return path.read_bytes()


@pytest.fixture
def book(request, tmp_path):
    """Export a rule file of the default rules, or of the test's own copy of them if it has one."""
    seeds = request.getfixturevalue("rules").folder if "rules" in request.fixturenames else SEEDS
    return lambda file: Book(tmp_path / f"{file}.xlsx", seeds, file)


def of_csv(tmp_path: Path, content: bytes, name: str = ENG, calendar: Calendar = CALENDAR):
    path = tmp_path / f"{name}.csv"
    path.write_bytes(content)
    return plan_import(DEFAULT, read_incoming(path, DEFAULT), calendar)


def as_excel_saves(name: str, change=lambda table: table, encoding: str = "gb18030", separator: str = ",") -> bytes:
    """A rule file opened and saved as CSV by a Chinese Excel: dates rewritten, GBK, CRLF."""
    table = change([list(DEFAULT[name].columns), *([row[c] for c in DEFAULT[name].columns] for row in DEFAULT[name].rows)])
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n", delimiter=separator).writerows(
        [[re.sub(r"^(\d{4})-0?(\d+)-0?(\d+)$", r"\1/\2/\3", cell) for cell in row] for row in table]
    )
    return text.getvalue().encode(encoding)


# Export


def test_every_rule_file_comes_back_unchanged(exported):
    incoming = read_incoming(exported, DEFAULT)
    plan = plan_import(DEFAULT, incoming, CALENDAR)
    assert {sheet.file for sheet in incoming.sheets} == set(DEFAULT)
    assert plan.rows == sum(len(file.rows) for file in DEFAULT.values()) > 2800
    assert (plan.edits, plan.refusals, plan.read_as, plan.missing) == ({}, [], [], {})


def test_every_rule_file_comes_back_unchanged_from_csv(tmp_path):
    write_csv_files(tmp_path / "csv", list(DEFAULT.values()), TODAY)
    plan = plan_import(DEFAULT, read_incoming(tmp_path / "csv", DEFAULT), CALENDAR)
    assert (plan.edits, plan.refusals, plan.read_as, plan.missing) == ({}, [], [], {})


def test_a_workbook_is_ready_for_a_marketer(exported):
    """Header frozen, filter on, every cell text, words to choose from, each column explained, notes closed."""
    book = openpyxl.load_workbook(exported)
    assert set(book.sheetnames) == {sheet_name(name) for name in DEFAULT} | set(HELPER_SHEETS)
    assert all(len(name) <= 31 for name in book.sheetnames)
    sheet = book["scoring__engagement"]
    assert sheet.freeze_panes == "C2" and sheet.auto_filter.ref.startswith("A1:")
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert sheet.column_dimensions["A"].number_format == "@", "new rows are text too"
    assert "First day on which the row holds" in sheet["B1"].comment.text
    lists = {rule.formula1: rule for rule in sheet.data_validations.dataValidation}
    assert "v_channel" in lists and "v_rule_status" in lists
    assert book.defined_names["v_rule_status"].attr_text.startswith("Lists!$")
    assert "INDIRECT" in next(r.formula1 for r in book["tagging__job_level"].data_validations.dataValidation if "INDIRECT" in r.formula1)
    assert sum(bool(each.sheet_view.tabSelected) for each in book) <= 1, "in a group of sheets an edit hits all of them"
    assert book["Columns"].protection.sheet and book["Lists"].sheet_state == "hidden"


def test_a_pattern_that_looks_like_a_formula_stays_a_text(exported):
    cell = openpyxl.load_workbook(exported)["exceptions"]["E4"]
    assert (cell.value, cell.data_type) == ("@(test|example)[.](com|cn|org)$", "s")
    assert b"'@(test|example)" in csv_bytes(DEFAULT["exceptions"], TODAY)


def test_old_retired_and_coming_versions_can_be_told(rules, tmp_path):
    rules.append(ENG, "ENG-006", valid_from="2026-11-01", points="20")
    rules.append(ENG, "ENG-006", valid_from="2026-12-01", points="30")
    rules.append(ENG, "ENG-007", valid_from="2026-11-01", status="retired")
    files, _ = load_rule_files(rules.folder)
    write_workbook(tmp_path / "r.xlsx", [files[ENG]], rules.folder, TODAY)
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["scoring__engagement"]
    found = {f"{row[0].value}@{row[1].value}": row for row in sheet.iter_rows(min_row=2)}
    assert found["ENG-006@2000-01-01"][-1].value == "superseded 2026-11-01"
    assert found["ENG-006@2000-01-01"][0].font.strike
    assert found["ENG-006@2026-11-01"][-1].value == "in force until 2026-12-01"
    assert found["ENG-006@2026-12-01"][-1].value == "begins 2026-12-01"
    assert found["ENG-007@2026-11-01"][-1].value == "retired"
    plan = plan_import(files, read_incoming(tmp_path / "r.xlsx", files), CALENDAR)
    assert plan.is_empty and not plan.refusals and not plan.missing


# What spreadsheets do to cells: understood, because there is one reading only


UNDERSTOOD_IN_XLSX = [
    ("valid_from", datetime(2000, 1, 1), "yyyy/m/d", "2000-01-01", "a date cell"),
    ("valid_from", 36526, "General", "2000-01-01", "serial number"),
    ("valid_from", "2000/1/1", "@", "2000-01-01", "another spelling of a date"),
    ("valid_from", "2000年1月1日", "@", "2000-01-01", "another spelling of a date"),
    ("points", "10.0", "@", "10", "decimals that are zero"),
    ("points", "010", "@", "10", "zeros in front"),
    ("points", "１０", "@", "10", "full-width"),
    ("points", "10 ", "@", "10", "blanks around it"),
    ("status", "ａctive", "@", "active", "full-width"),
    ("touch_type", "page_view ", "@", "page_view", "blanks around it"),
    ("touch_type", "page_view\u200b", "@", "page_view", "invisible"),
    ("label_zh", "访问价格页\u3000", "@", "访问价格页", "blanks around it"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "number_format", "text", "said"), UNDERSTOOD_IN_XLSX)
def test_an_odd_cell_with_one_meaning_is_read_and_said(book, column, value, number_format, text, said):
    found = book(ENG)
    place = found.set("ENG-006", column, value, number_format)
    plan = found.plan()
    assert (plan.refusals, plan.edits, plan.missing) == ([], {}, {})
    (read,) = plan.read_as
    assert (read.place, read.text) == (place, text) and said in read.said


def test_a_number_cell_in_a_number_column_is_a_number(book):
    found = book(ENG)
    found.set("ENG-006", "points", 10)
    plan = found.plan()
    assert (plan.refusals, plan.edits, plan.read_as) == ([], {}, [])


def test_times_of_day(book):
    found = book(HRS)
    found.set("CAL-001", "opens", time(9, 0), "h:mm")
    found.set("CAL-001", "closes", 0.75)
    plan = found.plan()
    assert (plan.refusals, plan.edits) == ([], {})
    assert [(read.column, read.text) for read in plan.read_as] == [("opens", "09:00"), ("closes", "18:00")]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-8", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_as_excel_saves_it(tmp_path, encoding, separator):
    """GBK or a byte order mark, CRLF, 2000/1/1, separators of the country: nothing has changed, the dates are said."""
    plan = of_csv(tmp_path, as_excel_saves(ENG, encoding=encoding, separator=separator))
    assert (plan.refusals, plan.edits, plan.missing) == ([], {}, {})
    assert {(read.shown, read.text) for read in plan.read_as} == {("2000/1/1", "2000-01-01")}


def test_gbk_is_named_in_the_report(tmp_path):
    path = tmp_path / f"{ENG}.csv"
    path.write_bytes(as_excel_saves(ENG))
    assert read_incoming(path, DEFAULT).encodings == {f"{ENG}.csv": "gb18030"}


# What spreadsheets do to cells: refused


REFUSED_IN_XLSX = [
    (JOB, "TAG-104", "argument", datetime(2026, 1, 10), "d-mmm", "A date (2026-01-10)", "texts such as 1-10 into dates"),
    (JOB, "TAG-104", "argument", "10-Jan", "@", "A date (10-Jan) stands in argument", "Format the column as text"),
    (JOB, "TAG-104", "argument", "Jan-10", "@", "A date (Jan-10)", "Format the column as text"),
    (JOB, "TAG-104", "argument", "1月10日", "@", "A date (1月10日)", "write it again"),
    (JOB, "TAG-104", "argument", "2026-01-10", "@", "A date (2026-01-10)", "The rules say '"),
    (JOB, "TAG-104", "argument", "2026-10-01", "@", "A date (2026-10-01)", "The rules say '"),
    (JOB, "TAG-104", "argument", "2026/1/10", "@", "A date (2026/1/10)", "1-10"),
    (JOB, "TAG-104", "argument", "10/1/2026", "@", "A date (10/1/2026)", "1-10"),
    (JOB, "TAG-104", "priority", datetime(2026, 1, 10), "d-mmm", "A date (2026-01-10) stands in priority", "holds none"),
    (JOB, "TAG-104", "priority", "10-Jan", "@", "A date (10-Jan) stands in priority", "holds none"),
    (JOB, "TAG-104", "reference", "10-Jan", "@", "A date (10-Jan) stands in reference", "holds none"),
    (JOB, "TAG-104", "argument", "=A2&\"x\"", "General", "holds a formula (=A2", "paste as values"),
    (JOB, "TAG-104", "argument", "#REF!", "General", "shows the error #REF!", "The rules say '"),
    (JOB, "TAG-104", "why", "#NAME?", "@", "shows the error #NAME?", "Write what it should say"),
    (JOB, "TAG-104", "argument", "########", "@", "shows the error", "Write what it should say"),
    (JOB, "TAG-104", "argument", True, "General", "A spreadsheet made TRUE of the word true", "Format the column as text"),
    (JOB, "TAG-104", "argument", "FALSE", "@", "A spreadsheet made FALSE of the word false", "Format"),
    (JOB, "TAG-104", "priority", True, "General", "TRUE is not a number", "Write 1 for yes"),
    (JOB, "TAG-104", "argument", "1.23457E+11", "@", "a long number that a spreadsheet has cut", "Format the column"),
    (JOB, "TAG-104", "argument", 1234567890123456789, "General", "more than 15 digits", "Format the column as text"),
    (JOB, "TAG-104", "argument", "1:10:00", "@", "made the time 1:10:00", "Format the column as text"),
    (JOB, "TAG-104", "argument", "总助\n董助", "@", "line break", "one line"),
    (JOB, "TAG-104", "argument", "（总｜副）助理", "@", "has full-width ｜", "half-width"),
    (JOB, "TAG-104", "argument", "ＣＥＯ助理", "@", "has full-width ＣＥＯ", "Write CEO"),
    (JOB, "TAG-104", "why", "鎬荤粡鐞嗗姪", "@", "garbled", "save it as .xlsx"),
    (JOB, "TAG-104", "why", "\ufffd\ufffd", "@", "garbled", "save it as .xlsx"),
    (ENG, "ENG-006", "points", 0.1, "0%", "The cell is a percentage: it shows 10 % and holds 0.1", "without the percent sign"),
    (ENG, "ENG-006", "points", "10%", "@", "10% is a percentage", "without the percent sign"),
    (ENG, "ENG-006", "points", "1E+05", "@", "has shortened", "The rules say '10'"),
    (ENG, "ENG-006", "points", "1,000", "@", "1,000 has separators", "digits only"),
    (ENG, "ENG-006", "points", "ten", "@", "'ten' is not a whole number", "digits only"),
    (ENG, "ENG-006", "points", 7.5, "General", "'7.5' is not a whole number", "digits only"),
    (ENG, "ENG-006", "valid_from", "1/2/2026", "@", "can be more than one day", "YYYY-MM-DD"),
    (ENG, "ENG-006", "valid_from", "10-Jan", "@", "can be more than one day", "YYYY-MM-DD"),
    (ENG, "ENG-006", "valid_from", "2026/2/30", "@", "no day of the calendar", "YYYY-MM-DD"),
    (ENG, "ENG-006", "valid_from", datetime(2026, 12, 1, 8, 30), "yyyy/m/d h:mm", "a day with a time", "the day alone"),
    (ENG, "ENG-006", "valid_from", 12, "General", "The number 12 is no day", "YYYY-MM-DD"),
    (HRS, "CAL-001", "opens", "nine", "@", "'nine' is not a time", "HH:MM"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "rule", "column", "value", "number_format", "problem", "remedy"), REFUSED_IN_XLSX)
def test_an_accident_is_refused_with_cell_and_remedy(book, file, rule, column, value, number_format, problem, remedy):
    found = book(file)
    place = found.set(rule, column, value, number_format)
    plan = found.plan()
    assert plan.edits == {} and plan.changes == []
    (refusal,) = plan.refusals
    assert (refusal.place, refusal.rule.split("@")[0], refusal.column) == (place, rule, column)
    assert problem in refusal.problem, refusal
    assert remedy in f"{refusal.problem} {refusal.remedy}", refusal
    assert plan.missing == {}, "a row that was refused is there all the same"


@pytest.mark.parametrize("value", [21, "21", "21.0"])
def test_lost_leading_zeros(book, rules, value):
    """021, the dialling code of Shanghai, came back as 21."""
    rule_id = rules.read("rule_tagging__region")[1][0]
    rules.change("rule_tagging__region", rule_id, argument="021")
    found = book("rule_tagging__region")
    place = found.set(rule_id, "argument", value)
    (refusal,) = found.plan().refusals
    assert refusal.place == place
    assert "looks like '021' after a spreadsheet took its zeros away" in refusal.problem
    assert "write '021'" in refusal.remedy


def test_lost_leading_zeros_of_a_word_that_only_other_rows_have(book, rules):
    rules.append("rule_tagging__region", rules.read("rule_tagging__region")[1][0], rule_id="TAG-900", argument="0755")
    found = book("rule_tagging__region")
    found.copy_row("TAG-900", rule_id="TAG-901", argument="755", valid_from="2026-12-01")
    (refusal,) = found.plan().refusals
    assert "looks like '0755'" in refusal.problem


def test_a_number_in_a_text_column_is_said(book):
    """A new word 360: nothing is known that it could have been, so it is taken, and shown."""
    found = book(JOB)
    found.copy_row("TAG-104", rule_id="TAG-900", valid_from="2026-12-01", match_kind="equals", argument=360)
    plan = found.plan()
    assert plan.refusals == []
    (read,) = plan.read_as
    assert (read.text, read.said) == ("360", "a number cell in a text column")


def test_wide_brackets_are_chinese_text_but_said(book):
    found = book(JOB)
    found.copy_row("TAG-104", rule_id="TAG-900", valid_from="2026-12-01", match_kind="equals", argument="总经理（代）")
    plan = found.plan()
    assert plan.refusals == [] and "full-width （） kept" in plan.read_as[0].said


def test_letters_that_the_encoding_lost(tmp_path):
    """Saved as ANSI on a computer that is not Chinese: every character became a question mark."""

    def lose(table):
        for row in table[1:]:
            place = table[0].index("label_zh")
            row[place] = re.sub("[^ -~]", "?", row[place])
        return table

    plan = of_csv(tmp_path, as_excel_saves(ENG, lose))
    assert plan.edits == {} and len(plan.refusals) > 80
    assert "wrong encoding" in plan.refusals[0].problem


def test_csv_names_line_and_column(tmp_path):
    def change(table):
        table[5][table[0].index("points")] = "10-Jan"
        return table

    (refusal,) = of_csv(tmp_path, as_excel_saves(ENG, change)).refusals
    assert refusal.place == f"{ENG}.csv line 6, points"


# Files and sheets


def test_a_sheet_of_an_unknown_name(book):
    found = book(ENG)
    found.sheet.title = "scoring__engagment"
    (refusal,) = found.plan().refusals
    assert refusal.problem == "No rule file belongs to this sheet." and "'scoring__engagement'" in refusal.remedy


def test_empty_sheets_and_notes_of_ones_own_are_nobodys_business(book):
    found = book(ENG)
    found.book.create_sheet("Sheet1")
    found.sheet.cell(1, len(found.columns) + 1, "_to do")
    found.sheet.cell(5, len(found.columns) + 1, "ask 王芳")
    plan = found.plan()
    assert (plan.refusals, plan.edits) == ([], {})


@pytest.mark.parametrize(
    ("header", "problem", "remedy"),
    [
        ("pionts", "unknown column 'pionts'", "'points'"),
        ("rule_id", "'rule_id' is there twice", "Remove one"),
        (None, "Column 8 has cells but no name", "name it"),
    ],
)
def test_a_header_that_was_touched(book, header, problem, remedy):
    found = book(ENG)
    found.sheet.cell(1, found.columns.index("points") + 1).value = header
    (refusal,) = found.plan().refusals
    assert (refusal.place, problem in refusal.problem, remedy in refusal.remedy) == ("scoring__engagement, row 1", True, True), refusal


def test_a_column_that_was_deleted(book):
    found = book(ENG)
    found.sheet.delete_cols(found.columns.index("points") + 1)
    (refusal,) = found.plan().refusals
    assert refusal.problem == "The column 'points' is missing."


def test_columns_and_rows_in_another_order(tmp_path):
    def shuffle(table):
        return [row[::-1] for row in [table[0], *table[:0:-1]]]

    plan = of_csv(tmp_path, as_excel_saves(ENG, shuffle))
    assert (plan.refusals, plan.edits, plan.missing) == ([], {}, {})


def test_a_row_that_is_there_twice(book):
    found = book(ENG)
    found.copy_row("ENG-006")
    (refusal,) = found.plan().refusals
    assert "The row is there twice" in refusal.problem and "later valid_from" in refusal.remedy


def test_a_row_without_an_id_is_given_the_next_free_one(book):
    found = book(ENG)
    found.copy_row("ENG-006", rule_id=None, valid_from="2026-12-01")
    (refusal,) = found.plan().refusals
    highest = max(int(row["rule_id"][4:]) for row in DEFAULT[ENG].rows)
    assert refusal.problem == "The row has no rule_id." and f"ENG-{highest + 1:03d}" in refusal.remedy


def test_a_csv_of_any_name_is_told_by_file(tmp_path):
    path = tmp_path / "工作簿1.csv"
    path.write_bytes(as_excel_saves(ENG))
    (refusal,) = read_incoming(path, DEFAULT).refusals
    assert refusal.problem == "No rule file has this name." and "--file" in refusal.remedy
    assert [sheet.file for sheet in read_incoming(path, DEFAULT, [ENG]).sheets] == [ENG]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old workbook"),
        (b"PK\x03\x04broken", "is damaged"),
        (b"", "is empty"),
        ("rule_id,valid_from\nENG-1,é".encode("latin-1"), "Save it again as .xlsx"),
        (b'rule_id,"valid_from\nENG-1,', "quotation mark"),
    ],
)
def test_a_file_that_is_none(tmp_path, content, words):
    path = tmp_path / f"{ENG}.csv"
    path.write_bytes(content)
    with pytest.raises(SpreadsheetError, match=words):
        read_incoming(path, DEFAULT)


def test_one_rule_file_in_two_sheets_of_a_folder(tmp_path, exported):
    shutil.copy(exported, tmp_path / "rules.xlsx")
    (tmp_path / f"{ENG}.csv").write_bytes(as_excel_saves(ENG))
    (refusal,) = read_incoming(tmp_path, DEFAULT).refusals
    assert f"{ENG} comes twice" in refusal.problem


# What may change


def test_a_settled_number_is_refused_and_the_way_is_told(book):
    found = book(ENG)
    place = found.set("ENG-006", "points", "20", "@")
    plan = found.plan()
    (refusal,) = plan.refusals
    assert refusal.place == place and plan.edits == {}
    assert refusal.problem == "The rule has been in force since 2000-01-01 (points says 10, the sheet 20)."
    assert "append a copy of the row with a later valid_from" in refusal.remedy and "--as-of" in refusal.remedy


def test_as_of_makes_a_new_version(book):
    found = book(ENG)
    found.set("ENG-006", "points", "20", "@")
    found.set("ENG-006", "why", "Half of last quarter's wins came back to this page", "@")
    plan = found.plan(Calendar(TODAY, date(2026, 11, 20), date(2026, 12, 1)))
    assert plan.refusals == [] and plan.notes == []
    assert next((c.column, c.before, c.after, c.as_version) for c in plan.changes) == ("points", "10", "20", "2026-12-01")
    edit = plan.edits[ENG]
    assert edit.replaced == {} and len(edit.added) == 1
    added = edit.added[0]
    assert (added["rule_id"], added["valid_from"], added["points"]) == ("ENG-006", "2026-12-01", "20")


def test_as_of_asks_for_a_reason(book):
    found = book(ENG)
    found.set("ENG-006", "points", "20", "@")
    plan = found.plan(Calendar(TODAY, None, date(2026, 12, 1)))
    assert plan.notes == ["ENG-006@2000-01-01: the reason (why) is still that of the old version."]


def test_as_of_never_reaches_into_published_days(book):
    found = book(ENG)
    found.set("ENG-006", "points", "20", "@")
    (refusal,) = found.plan(Calendar(TODAY, date(2026, 11, 20), date(2026, 11, 20))).refusals
    assert "published (the last one is 2026-11-20)" in refusal.problem


def test_a_superseded_version_stays(book, rules):
    rules.append(ENG, "ENG-006", valid_from="2026-12-01", points="20")
    found = book(ENG)
    found.set("ENG-006", "points", "15", "@")
    (refusal,) = found.plan(Calendar(TODAY, None, date(2027, 1, 1))).refusals
    assert "is followed by one from 2026-12-01" in refusal.problem and "newest version" in refusal.remedy


def test_rows_of_the_future_and_words_about_a_rule_change_in_place(book, rules):
    line = rules.append(ENG, "ENG-006", valid_from="2026-12-01", points="20")
    found = book(ENG)
    row = next(r for r in found.sheet.iter_rows(min_row=2) if r[1].value == "2026-12-01")
    row[found.columns.index("points")].value = "25"
    found.set("ENG-007", "owner", "sales_ops", "@")
    found.set("ENG-008", "why", "Measured in November", "@")
    plan = found.plan()
    assert plan.refusals == []
    assert {c.column for c in plan.changes} == {"points", "owner", "why"}
    assert line in plan.edits[ENG].replaced and plan.edits[ENG].added == []


def test_a_new_row_begins_after_the_published_days(book):
    found = book(ENG)
    found.copy_row("ENG-006", valid_from="2026-11-20", points="20")
    (refusal,) = found.plan().refusals
    assert "published (the last one is 2026-11-20)" in refusal.problem


def test_a_new_version_begins_after_the_newest(book):
    found = book(ENG)
    found.copy_row("ENG-006", valid_from="1999-01-01", points="20")
    (refusal,) = found.plan(Calendar(TODAY)).refusals
    assert "cannot begin before it" in refusal.problem


def test_missing_rows_are_named_and_stay(book):
    found = book(ENG)
    found.sheet.delete_rows(2, 2)
    plan = found.plan()
    assert plan.missing == {ENG: ["ENG-001@2000-01-01", "ENG-002@2000-01-01"]}
    assert plan.edits == {} and plan.refusals == []


# Writing


def test_only_the_rows_that_differ_change_their_bytes(book, rules):
    found = book(ENG)
    found.set("ENG-006", "why", "Measured, in November", "@")
    found.copy_row("ENG-006", valid_from="2026-12-01", points="20")
    files, _ = load_rule_files(rules.folder)
    path = rules.path(ENG)
    before = path.read_bytes().splitlines(keepends=True)
    stamps = {p: p.stat().st_mtime_ns for p in rules.folder.rglob("*.csv")}
    prepared = prepare(found.plan(), files, rules.folder, None)
    assert prepared.refusals == [] and path.read_bytes() == b"".join(before), "preparing writes nothing"
    assert publish(prepared) == [path]
    after = path.read_bytes().splitlines(keepends=True)
    line = rules.line_of(ENG, "ENG-006")
    assert [n for n, (a, b) in enumerate(zip(before, after, strict=False), 1) if a != b] == [line]
    assert b'"Measured, in November"' in after[line - 1]
    assert len(after) == len(before) + 1 and after[-1].startswith(b"ENG-006,2026-12-01,") and after[-1].endswith(b"\n")
    changed = {p for p, stamp in stamps.items() if p.stat().st_mtime_ns != stamp}
    assert changed == {path} and not list(rules.folder.rglob("*.part"))


def test_a_new_term_stands_with_its_vocabulary(book, rules):
    found = book("vocabulary_terms")
    found.sheet.append(["job_level", "founder", "创始人", "Founder"])
    files, _ = load_rule_files(rules.folder)
    publish(prepare(found.plan(), files, rules.folder, None))
    table = rules.read("vocabulary_terms")
    place = next(n for n, row in enumerate(table) if row[1] == "founder")
    assert table[place - 1][0] == "job_level" and table[place + 1][0] != "job_level"


def test_the_validator_sees_the_result_before_it_is_written(book, rules):
    """Weights that no longer add up: the message names the row of the sheet."""
    found = book("rule_scoring__dimensions")
    found.copy_row(rules.read("rule_scoring__dimensions")[1][0], valid_from="2026-12-01", weight_pct="1")
    files, _ = load_rule_files(rules.folder)
    before = rules.path("rule_scoring__dimensions").read_bytes()
    prepared = prepare(found.plan(), files, rules.folder, None)
    (refusal,) = prepared.refusals
    assert "must add up to 100" in str(refusal) and refusal.place.startswith("scoring__dimensions, row ")
    assert rules.path("rule_scoring__dimensions").read_bytes() == before


def test_all_files_or_none(rules, monkeypatch):
    files, _ = load_rule_files(rules.folder)
    plan = plan_import(files, read_incoming(rules.path(ENG), files), CALENDAR)
    for name in (ENG, FIT):
        row = files[name].rows[0]
        plan.edits[name] = Edit(replaced={row.line: {**row.cells, "why": "new"}})
    prepared = prepare(plan, files, rules.folder, None)
    before = {path: path.read_bytes() for path in prepared.files}
    import orchestration.rules.write_back as write_back

    replace, calls = write_back.os.replace, []

    def fail_on_the_second(source, target):
        calls.append(target)
        if len(calls) == 2:
            raise PermissionError("in use")
        replace(source, target)

    monkeypatch.setattr(write_back.os, "replace", fail_on_the_second)
    with pytest.raises(SpreadsheetError, match="All rules are as they were"):
        publish(prepared)
    assert {path: path.read_bytes() for path in before} == before
    assert not list(rules.folder.rglob("*.part"))


def test_somebody_else_was_faster(rules):
    files, _ = load_rule_files(rules.folder)
    plan = plan_import(files, read_incoming(rules.path(ENG), files), CALENDAR)
    plan.edits[ENG] = Edit(replaced={2: {**files[ENG].rows[0].cells, "why": "new"}})
    prepared = prepare(plan, files, rules.folder, None)
    rules.change(ENG, "ENG-007", why="meanwhile")
    with pytest.raises(SpreadsheetError, match="has changed since it was read"):
        publish(prepared)


def test_own_rules_are_written_beside_the_default_ones(tmp_path, rules):
    """With --rules the company's folder changes, never the default rules."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "vocabulary_terms.csv").write_bytes("vocabulary,code,label_zh,label_en\r\njob_level,founder,创始人,Founder\r\n".encode())
    seeds = lay_over(rules.folder, own, tmp_path / "laid")
    files, _ = load_rule_files(seeds)
    founder = files["vocabulary_terms"].rows[-1]
    plan = plan_import(files, read_incoming(rules.path(ENG), files), CALENDAR)
    plan.edits["vocabulary_terms"] = Edit({founder.line: {**founder.cells, "label_en": "Founder, owner"}}, [])
    plan.edits[FIT] = Edit({2: {**files[FIT].rows[0].cells, "why": "ours"}}, [])
    prepared = prepare(plan, files, rules.folder, own)
    assert prepared.refusals == []
    assert set(publish(prepared)) == {own / "vocabulary_terms.csv", own / f"{FIT}.csv"}
    assert (own / "vocabulary_terms.csv").read_bytes().endswith(b',"Founder, owner"\r\n')
    assert len((own / f"{FIT}.csv").read_bytes().splitlines()) == len(files[FIT].rows) + 1
    plan.edits = {"vocabulary_terms": Edit({2: files["vocabulary_terms"].rows[0].cells}, [])}
    (refusal,) = prepare(plan, files, rules.folder, own).refusals
    assert "belongs to the default rules" in refusal.problem


# Any cell at all


plain = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
columns = st.sampled_from(
    [Column("argument"), Column("points", "integer"), Column("share", "decimal"), Column("valid_from", "date"),
     Column("opens", "time"), Column("tag", "code", vocabulary="job_level"), Column("why"), Column("pattern", "regex")]
)  # fmt: skip


@given(plain, columns)
def test_a_cell_that_says_what_the_rules_say_is_no_change(text, column):
    reading = understand(Cell(text, "A1"), column, text)
    assert (reading.text, reading.problem, reading.said) == (text, "", "")


@given(
    st.one_of(plain, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.datetimes(), st.times()),
    columns,
)  # fmt: skip
def test_nothing_is_silently_taken_for_something_else(value, column):
    """A cell is refused, or said, or it stands in the rules as the spreadsheet shows it (numbers by their value)."""
    cell = Cell(value, "A1")
    reading = understand(cell, column, None)
    if reading.problem:
        assert reading.remedy and not reading.text
    elif not reading.said:
        shown = str(cell)
        assert reading.text == shown or same_value(column, reading.text, re.sub(r"[.]0$", "", shown)), (shown, reading)
        assert not isinstance(value, bool | date | time)


@given(st.sampled_from([c.strip() for r in DEFAULT[JOB].rows for c in r.cells.values() if c.strip()]), st.sampled_from(["", " ", "\u3000", "\xa0"]))
def test_blanks_around_any_present_cell_change_nothing(text, blank):
    reading = understand(Cell(f"{blank}{text}{blank}", "A1"), Column("argument"), text)
    assert reading.text == text and bool(reading.said) == bool(blank)


@given(st.lists(plain, min_size=2, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_other_rows_keep_their_bytes_whatever_they_hold(whys, end):
    file = DEFAULT["rule_cleansing__suspension"]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(file.columns)
    rows = [{**file.rows[0].cells, "rule_id": f"CLN-{900 + n}", "why": why} for n, why in enumerate(whys)]
    writer.writerows([list(row.values()) for row in rows])
    before = text.getvalue()
    after = edited(before, Edit({2: {**rows[0], "why": 'a "b", c'}}, [rows[0]]), file)
    lines = before.split(end)
    assert after.split(end)[2 : len(rows) + 1] == lines[2 : len(rows) + 1]
    assert list(csv.reader(io.StringIO(after, newline="")))[1][list(file.columns).index("why")] == 'a "b", c'
    assert after.endswith(end) and len(after.split(end)) == len(lines) + 1


# The command


@pytest.fixture
def command(rules, tmp_path, monkeypatch):
    """`leadhouse rules …` on a copy of the project's rules, today being 22 November 2026."""
    project = rules.folder.parent
    shutil.copytree(SEEDS.parent / "dbt_project", project / "dbt_project", ignore=lambda d, names: {n for n in names if n != "dbt_project.yml"})
    monkeypatch.setattr("orchestration.house.project_root", lambda: project)
    monkeypatch.setattr(commands, "_today", lambda house: TODAY)
    monkeypatch.setenv("LEADHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LEADHOUSE_RULES", raising=False)

    def run(*arguments: str):
        return CliRunner().invoke(app, ["rules", *map(str, arguments)])

    return run


def test_the_way_there_and_back(command, rules, tmp_path):
    path = tmp_path / "r.xlsx"
    out = command("export", path, "--file", "scoring__engagement")
    assert out.exit_code == 0 and "1 rule files" in out.output, out.output
    again = command("export", path)
    assert again.exit_code == 1 and "--force" in again.output
    clean = command("import", path)
    assert clean.exit_code == 0 and "no difference" in clean.output
    book = openpyxl.load_workbook(path)
    sheet = book["scoring__engagement"]
    line = rules.line_of(ENG, "ENG-006")
    sheet.cell(line, [cell.value for cell in sheet[1]].index("points") + 1).value = "20"
    book.save(path)
    before = rules.path(ENG).read_bytes()
    refused = command("import", path, "--write")
    assert refused.exit_code == 1 and "nothing was written" in refused.output and rules.path(ENG).read_bytes() == before
    looked = command("import", path, "--as-of", "2026-12-01")
    assert looked.exit_code == 0 and f"With --write these change: {ENG}.csv" in looked.output
    assert "new version from 2026-12-01" in re.sub(r"\s+", " ", looked.output) and rules.path(ENG).read_bytes() == before
    written = command("import", path, "--as-of", "2026-12-01", "--write")
    assert written.exit_code == 0 and "written" in written.output, written.output
    assert rules.path(ENG).read_bytes().startswith(before) and rules.read(ENG)[-1][:2] == ["ENG-006", "2026-12-01"]
    stale = command("import", path)
    assert "exported from other rules" in stale.output


def test_a_refused_cell_is_shown_with_place_and_remedy(command, tmp_path):
    path = tmp_path / f"{JOB}.csv"
    content = as_excel_saves(JOB, lambda table: [row if row[0] != "TAG-104" else [*row[:7], "10-Jan", *row[8:]] for row in table])
    path.write_bytes(content)
    out = command("import", path)
    shown = re.sub(r"\s+", " ", out.output)
    assert out.exit_code == 1 and "10-Jan" in shown and "is written in GB18030" in shown
    assert "1 to mend in the spreadsheet; nothing was written." in shown


def test_a_folder_of_csv_files(command, tmp_path):
    assert command("export", tmp_path / "csv").exit_code == 0
    assert "no difference" in command("import", tmp_path / "csv").output


def test_mistakes_of_the_person_at_the_keyboard(command, tmp_path):
    assert "no file" in command("import", tmp_path / "none.xlsx").output
    out = command("export", tmp_path / "r.xlsx", "--file", "scoring__engagment")
    assert out.exit_code == 1 and "'rule_scoring__engagement'" in out.output
    assert command("export", tmp_path / "rules.pdf").exit_code == 1


def test_without_openpyxl_the_remedy_is_told(command, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    out = command("export", tmp_path / "r.xlsx")
    assert out.exit_code == 1 and "leadhouse[excel]" in out.output
    assert command("export", tmp_path / "csv").exit_code == 0
