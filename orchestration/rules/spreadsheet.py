"""Reads what comes back from a spreadsheet: a workbook, a CSV file in any encoding of Excel, or a folder.

Workbooks are read with openpyxl and not with calamine, which the connections use: only openpyxl tells a
formula from its last result and keeps how a number is shown, and both betray what happened to a cell.
"""

from __future__ import annotations

import csv
import io
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.ingestion.problems import DeliveryError, did_you_mean
from orchestration.ingestion.textfile import to_utf8
from orchestration.rules.accidents import Cell
from orchestration.rules.files import RuleFile

README_SHEET, COLUMNS_SHEET, LISTS_SHEET = "Read me", "Columns", "Lists"
HELPER_SHEETS = (README_SHEET, COLUMNS_SHEET, LISTS_SHEET)
RULESET_LABEL = "ruleset"
# A column that Leadhouse adds for the reader begins so; it is never read back.
NOTE_PREFIX = "_"
STATE_COLUMN = "_state"
# Only these begin a formula; a text of the rules that begins so travels in CSV behind an apostrophe.
FORMULA_SIGNS = "=+-@"
NO_EXCEL = "Workbooks need openpyxl: pip install 'leadhouse[excel]'. CSV files work without it."


class SpreadsheetError(Exception):
    """A file cannot be read as a whole; the text says why and what to do."""


@dataclass(frozen=True)
class SheetRow:
    """A row that is not empty: its number as the spreadsheet counts, and its cells by column."""

    number: int
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Sheet:
    """The rows for one rule file; `title` is the sheet or the file that they came from."""

    file: str
    title: str
    rows: list[SheetRow] = field(default_factory=list)


@dataclass(frozen=True)
class Refusal:
    """Something that is not taken over: where it is, what is wrong, what to do."""

    place: str
    problem: str
    remedy: str
    rule: str = ""
    column: str = ""

    def __str__(self) -> str:
        what = " ".join(filter(None, (self.rule, self.column)))
        return f"{self.place}{f' ({what})' if what else ''}: {self.problem} {self.remedy}".rstrip()


@dataclass
class Incoming:
    """What was read, what could not be, and the fingerprint of the rules that it was exported from."""

    sheets: list[Sheet] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    ruleset: str = ""
    encodings: dict[str, str] = field(default_factory=dict)


def sheet_name(file: str) -> str:
    """Return the name of the sheet of a rule file; Excel allows 31 characters."""
    return file.removeprefix("rule_")[:31]


def read_incoming(path: Path, files: dict[str, RuleFile], only: Iterable[str] = ()) -> Incoming:
    """Read a workbook, a CSV file or all of both in a folder.

    Args:
        path: the file or folder.
        files: the rule files by name, for the columns.
        only: names of rule files to look at; empty for all. A single name also says what a CSV file of
            any name holds.

    Raises:
        SpreadsheetError: there is no such file, it is no spreadsheet, or its encoding is unknown.
    """
    wanted = set(only)
    incoming = Incoming()
    if not path.exists():
        raise SpreadsheetError(f"There is no file {path}.")
    paths = [path]
    if path.is_dir():
        # "~$book.xlsx" is Excel's mark of an open workbook.
        paths = sorted(
            found
            for found in path.rglob("*")
            if found.suffix.lower() in (".xlsx", ".csv", ".xlsm") and not found.name.startswith("~$")
        )
        if not paths:
            raise SpreadsheetError(f"The folder {path} has neither .xlsx nor .csv files.")
    for found in paths:
        with found.open("rb") as opened:
            magic = opened.read(8)
        if magic.startswith(b"PK\x03\x04"):
            _read_workbook(found, files, wanted, incoming)
        elif magic.startswith(b"\xd0\xcf\x11\xe0"):
            raise SpreadsheetError(
                f"{found.name} is an old workbook (.xls, .et) or has a password. Save it as .xlsx."
            )
        else:
            _read_csv(found, files, wanted, incoming)
    _refuse_twice(incoming)
    return incoming


def _read_workbook(path: Path, files: dict[str, RuleFile], wanted: set[str], incoming: Incoming) -> None:
    try:
        import openpyxl
        from openpyxl.utils import get_column_letter
    except ImportError:
        raise SpreadsheetError(NO_EXCEL) from None
    try:
        # As a stream: openpyxl believes the name of a file, people rename them.
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=False)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise SpreadsheetError(
            f"{path.name} is no workbook or is damaged ({error}). Save it again."
        ) from None
    by_sheet = {sheet_name(name).casefold(): name for name in files}
    try:
        for sheet in book.worksheets:
            title = sheet.title.strip()
            if title in HELPER_SHEETS:
                if title == README_SHEET:
                    incoming.ruleset = _ruleset(sheet) or incoming.ruleset
                continue
            file = by_sheet.get(sheet_name(title).casefold())
            table = [
                [
                    Cell(
                        _plain(cell.value),
                        f"{title}!{get_column_letter(place)}{number}",
                        cell.value is not None and cell.data_type == "f",
                        (cell.number_format or "General") if cell.value is not None else "General",
                    )
                    for place, cell in enumerate(row, 1)
                ]
                for number, row in enumerate(sheet.iter_rows(), 1)
            ]
            if file is None:
                if any(not cell.is_empty for row in table for cell in row):
                    names = [sheet_name(name) for name in files]
                    remedy = (
                        did_you_mean(title, names) or "A sheet has the name of a rule file without rule_."
                    )
                    incoming.refusals.append(Refusal(title, "No rule file belongs to this sheet.", remedy))
            elif not wanted or file in wanted:
                _take(files[file], title, list(enumerate(table, 1)), incoming)
    finally:
        book.close()


def _plain(value):
    """The text of an array formula, which openpyxl wraps; anything else as it is."""
    return getattr(value, "text", value)


def _ruleset(sheet) -> str:
    for row in sheet.iter_rows(values_only=True):
        if len(row) > 1 and row[0] == RULESET_LABEL:
            return str(row[1] or "")
    return ""


def _read_csv(path: Path, files: dict[str, RuleFile], wanted: set[str], incoming: Incoming) -> None:
    name = path.stem if path.stem in files else f"rule_{path.stem}"
    if name not in files and len(wanted) == 1:
        (name,) = wanted
    if name not in files:
        remedy = did_you_mean(path.stem, files) or "Say with --file which rule file it is."
        incoming.refusals.append(Refusal(path.name, "No rule file has this name.", remedy))
        return
    if wanted and name not in wanted:
        return
    text, encoding = _text_of(path)
    incoming.encodings[path.name] = encoding
    try:
        records = list(_records(text, files[name]))
    except csv.Error as error:
        raise SpreadsheetError(
            f"{path.name} is not readable as CSV ({error}). Look for a quotation mark without its partner."
        ) from None
    header = records[0][1] if records else []
    table = [
        (
            line,
            [
                Cell(_unguarded(value), f"{path.name} line {line}{_named(header, place)}")
                for place, value in enumerate(cells)
            ],
        )
        for line, cells in records
    ]
    _take(files[name], path.name, table, incoming)


def _named(header: list[str], place: int) -> str:
    return f", {header[place].strip()}" if place < len(header) else ""


def _text_of(path: Path) -> tuple[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = to_utf8(path, "auto", Path(folder) / "utf8.csv")
        except DeliveryError as error:
            if not path.stat().st_size:
                raise SpreadsheetError(f"{path.name} is empty.") from None
            reason = str(error).split(". ")[0].rstrip(".")
            raise SpreadsheetError(
                f"{path.name}: {reason}. Save it again as .xlsx or, in Excel, as 'CSV UTF-8'."
            ) from None
        return found.path.read_bytes().decode("utf-8"), found.encoding


def _records(text: str, file: RuleFile) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells), with the separator under which the header has most of the file's columns."""
    head = text.split("\n")[0].replace('"', "")
    separator = max(",;\t", key=lambda sign: len(set(map(_name, head.split(sign))) & set(file.columns)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    for cells in reader:
        yield start, cells
        start = reader.line_num + 1


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in FORMULA_SIGNS else text


def _name(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate({0xFEFF: None}).strip().lower()


def _take(file: RuleFile, title: str, table: list[tuple[int, list[Cell]]], incoming: Incoming) -> None:
    table = [(number, row) for number, row in table if any(not cell.is_empty for cell in row)]
    if not table:
        incoming.refusals.append(Refusal(title, "The sheet is empty.", "Export it again."))
        return
    header = [_name(str(cell)) for cell in table[0][1]]
    problem = _header_problem(file, header, [row for _, row in table[1:]])
    if problem:
        incoming.refusals.append(Refusal(f"{title}, row {table[0][0]}", *problem))
        return
    places = {name: header.index(name) for name in file.columns}
    rows = []
    for number, cells in table[1:]:
        found = {
            name: cells[place] if place < len(cells) else Cell(None, f"{title}, row {number}")
            for name, place in places.items()
        }
        if any(not cell.is_empty for cell in found.values()):
            rows.append(SheetRow(number, found))
    incoming.sheets.append(Sheet(file.name, title, rows))


def _header_problem(file: RuleFile, header: list[str], rows: list[list[Cell]]) -> tuple[str, str] | None:
    missing = [name for name in file.columns if name not in header]
    for place, name in enumerate(header):
        if not name and any(place < len(row) and not row[place].is_empty for row in rows):
            return (
                f"Column {place + 1} has cells but no name.",
                "Remove the column, or name it in the first row.",
            )
        if name and not name.startswith(NOTE_PREFIX) and name not in file.columns:
            remedy = did_you_mean(name, missing) or f"Remove it; notes of your own begin with {NOTE_PREFIX}."
            return f"The sheet has an unknown column '{name}'.", remedy
        if name in file.columns and header.count(name) > 1:
            return f"The column '{name}' is there twice.", "Remove one."
    if missing:
        return (
            f"The column '{missing[0]}' is missing.",
            "The first row names the columns; export the file again.",
        )
    longest = max((len(row) for row in rows), default=0)
    if any(not cell.is_empty for row in rows for cell in row[len(header) : longest]):
        return (
            "A row has more cells than the header has columns.",
            "A cell with a comma needs quotation marks.",
        )
    return None


def _refuse_twice(incoming: Incoming) -> None:
    seen: dict[str, Sheet] = {}
    for sheet in list(incoming.sheets):
        first = seen.setdefault(sheet.file, sheet)
        if first is not sheet:
            incoming.sheets.remove(sheet)
            problem = f"{sheet.file} comes twice: it is in {first.title} too."
            incoming.refusals.append(Refusal(sheet.title, problem, "Keep one of the two."))
