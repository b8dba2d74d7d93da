"""Writes the rules for a spreadsheet: a workbook, one sheet per rule file, or CSV files that Excel opens."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from orchestration.rules.files import END_OF_TIME, Column, Row, RuleFile, parse_date
from orchestration.rules.fingerprint import ruleset_hash
from orchestration.rules.spreadsheet import (
    COLUMNS_SHEET,
    FORMULA_SIGNS,
    LISTS_SHEET,
    NO_EXCEL,
    README_SHEET,
    RULESET_LABEL,
    STATE_COLUMN,
    SpreadsheetError,
    sheet_name,
)

# Empty rows below the last one that are formatted as text and have drop-downs, for new rules.
SPARE_ROWS = 500
_WIDTHS = {
    "rule_id": 11,
    "valid_from": 11,
    "status": 9,
    "why": 50,
    "reference": 30,
    "argument": 40,
    "pattern": 40,
}
_READ_ME = (
    ("Leadhouse: the rules", "Leadhouse 规则表"),
    (
        "Each sheet is one rule file; each row is one version of one rule.",
        "每个工作表是一个规则文件；每一行是一条规则的一个版本。",
    ),
    (
        "Change a rule: copy its row to the end, give it a later valid_from, change the copy and say why.",
        "修改规则：把该行复制到末尾，填写更晚的 valid_from，修改副本并在 why 中写明理由。",
    ),
    (
        "Or change it where it stands, and whoever imports gives the day with --as-of.",
        "也可以直接改原行，由导入的人用 --as-of 指定生效日期。",
    ),
    (
        "End a rule: a copy with a later valid_from and status retired.",
        "停用规则：复制该行，填写更晚的 valid_from，status 写 retired。",
    ),
    ("Deleting a row deletes nothing.", "删除行不会删除规则。"),
    (
        "Label, owner, why and reference may be changed where they stand.",
        "label、owner、why、reference 可以直接修改。",
    ),
    (
        "All cells are text. Keep it: else 1-10 becomes a date and 021 becomes 21. Ignore green corners.",
        "所有单元格都是文本格式，请保持：否则 1-10 会变成日期，021 会变成 21。绿色小三角可以忽略。",
    ),
    (
        "Point at a column's name to read what it holds; sheet Columns has it all.",
        "鼠标停在列名上可查看说明；Columns 工作表列出全部说明。",
    ),
    (f"{STATE_COLUMN} is for reading; it is never imported.", f"{STATE_COLUMN} 列仅供阅读，不会导入。"),
)


def states(file: RuleFile, today: date) -> dict[int, str]:
    """Return by line what has become of each version: in force, superseded, retired or still to come.

    Args:
        file: a rule file.
        today: the day to look at it.
    """
    ends: dict[int, date] = {}
    versions: dict[str, list[tuple[date, Row]]] = {}
    for row in file.rows:
        day = parse_date(row["valid_from"])
        if day and file.id_column:
            versions.setdefault(row[file.id_column], []).append((day, row))
    for found in versions.values():
        found.sort(key=lambda version: version[0])
        for (_, row), (end, _) in zip(found, [*found[1:], (END_OF_TIME, None)], strict=True):
            ends[row.line] = end
    return {row.line: _state(row, ends[row.line], today) for row in file.rows if row.line in ends}


def _state(row: Row, end: date, today: date) -> str:
    if row["valid_from"] > today.isoformat():
        return f"begins {row['valid_from']}"
    if end <= today:
        return f"superseded {end}"
    state = "retired" if row["status"] == "retired" else "in force"
    return state if end == END_OF_TIME else f"{state} until {end}"


def write_csv_files(folder: Path, files: list[RuleFile], today: date) -> list[Path]:
    """Write one CSV file per rule file, as Excel expects it: UTF-8 with byte order mark, CRLF.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front; the import takes it away.

    Args:
        folder: where the files go; it is created.
        files: the rule files.
        today: the day of column _state.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for file in files:
        path = folder / f"{file.name}.csv"
        path.write_bytes(csv_bytes(file, today))
        written.append(path)
    return written


def csv_bytes(file: RuleFile, today: date) -> bytes:
    """Return a rule file as CSV for Excel; see write_csv_files."""
    state = states(file, today)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*file.columns, *([STATE_COLUMN] if state else [])])
    for row in file.rows:
        cells = [_guarded(row[name]) for name in file.columns]
        writer.writerow([*cells, *([state.get(row.line, "")] if state else [])])
    return text.getvalue().encode("utf-8-sig")


def _guarded(text: str) -> str:
    is_formula = len(text) > 1 and text[0] in FORMULA_SIGNS and not text[1:].replace(".", "", 1).isdecimal()
    return f"'{text}" if is_formula else text


def write_workbook(path: Path, files: list[RuleFile], seeds_dir: Path, today: date) -> None:
    """Write a workbook: one sheet per rule file, all cells text, drop-downs where words are known.

    Args:
        path: the .xlsx file; an existing one is replaced.
        files: the rule files, each a sheet in this order.
        seeds_dir: the folder of the rules, for their descriptions, words and fingerprint.
        today: the day of column _state.

    Raises:
        SpreadsheetError: openpyxl is not installed.
        PermissionError: the file is open in a spreadsheet (Windows).
    """
    try:
        import openpyxl
    except ImportError:
        raise SpreadsheetError(NO_EXCEL) from None
    described = _descriptions(seeds_dir)
    book = openpyxl.Workbook()
    _read_me(book.active, ruleset_hash(seeds_dir))
    vocabularies = _lists(book, files, seeds_dir)
    for file in files:
        _sheet(book, file, described.get(file.name, {}), vocabularies, today)
    _columns(book, files, described)
    # The helper sheets close the book: a marketer comes for the rules.
    book.move_sheet(LISTS_SHEET, offset=len(book.sheetnames))
    part = path.with_name(f".{path.name}.part")
    try:
        book.save(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _descriptions(seeds_dir: Path) -> dict[str, dict[str, str]]:
    """Descriptions by file and column; that of the file itself under the empty name."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = {}
    for path in sorted(seeds_dir.rglob("*.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or {}
        for seed in document.get("seeds") or []:
            columns = {column["name"]: column.get("description", "") for column in seed.get("columns") or []}
            found[seed["name"]] = {**columns, "": seed.get("description", "")}
    return found


def _read_me(sheet: Any, ruleset: str) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.title = README_SHEET
    for number, line in enumerate(_READ_ME, 1):
        for place, text in enumerate(line, 1):
            cell = sheet.cell(number, place, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    sheet.append([RULESET_LABEL, ruleset])
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 80
    sheet.protection.sheet = True


def _lists(book: Any, files: list[RuleFile], seeds_dir: Path) -> set[str]:
    """Write the codes of every vocabulary into a hidden sheet, each under a name that drop-downs refer to."""
    from openpyxl.utils import get_column_letter
    from openpyxl.workbook.defined_name import DefinedName

    from orchestration.rules.files import load_rule_files

    terms: dict[str, list[str]] = {}
    for row in load_rule_files(seeds_dir)[0]["vocabulary_terms"].rows:
        terms.setdefault(row["vocabulary"], []).append(row["code"])
    sheet = book.create_sheet(LISTS_SHEET)
    for place, (vocabulary, codes) in enumerate(sorted(terms.items()), 1):
        letter = get_column_letter(place)
        for number, text in enumerate([vocabulary, *codes], 1):
            _write(sheet, number, place, text)
        reference = f"{LISTS_SHEET}!${letter}$2:${letter}${len(codes) + 1}"
        book.defined_names[_list_name(vocabulary)] = DefinedName(_list_name(vocabulary), attr_text=reference)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    return set(terms)


def _list_name(vocabulary: str) -> str:
    return f"v_{vocabulary}"


def _write(sheet: Any, row: int, column: int, text: str) -> Any:
    """Write a text that stays a text: =, + and @ begin no formula, 1-10 no date."""
    cell = sheet.cell(row, column)
    if text:
        cell.value, cell.data_type = text, "s"
    cell.number_format = "@"
    return cell


def _sheet(book: Any, file: RuleFile, described: dict[str, str], vocabularies: set[str], today: date) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(sheet_name(file.name))
    state = states(file, today)
    header = [*file.columns, *([STATE_COLUMN] if state else [])]
    for place, name in enumerate(header, 1):
        cell = _write(sheet, 1, place, name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
        cell.alignment = Alignment(vertical="top")
        note = _note(file.columns[name], described.get(name, "")) if name in file.columns else "Not imported."
        cell.comment = Comment(
            note, "Leadhouse", width=320, height=30 + 18 * (note.count("\n") + len(note) // 45 + 1)
        )
        column = sheet.column_dimensions[get_column_letter(place)]
        column.number_format = "@"
        column.width = _WIDTHS.get(name, 16)
    past = Font(color="8A8A8A", strike=True)
    coming = PatternFill("solid", fgColor="E3F3E3")
    for number, row in enumerate(file.rows, 2):
        said = state.get(row.line, "")
        for place, name in enumerate(header, 1):
            cell = _write(sheet, number, place, said if name == STATE_COLUMN else row[name])
            if said.startswith(("superseded", "retired")):
                cell.font = past
            elif said.startswith("begins"):
                cell.fill = coming
    sheet.freeze_panes = "C2" if len(header) > 4 else "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{max(len(file.rows) + 1, 2)}"
    _drop_downs(sheet, file, vocabularies)


def _note(column: Column, description: str) -> str:
    lines = [description or column.name, f"Type: {column.type}" + (", required" if column.required else "")]
    if column.vocabulary:
        lines.append(f"One of the words of {column.vocabulary}")
    if column.vocabulary_from:
        lines.append(f"A word of the vocabulary that {column.vocabulary_from} names")
    if column.pattern and not column.vocabulary:
        lines.append(f"Form: {column.pattern}")
    if column.min is not None or column.max is not None:
        ends = ["" if end is None else str(end) for end in (column.min, column.max)]
        lines.append(f"From {ends[0] or 'any'} to {ends[1] or 'any'}")
    return "\n".join(lines)


def _drop_downs(sheet: Any, file: RuleFile, vocabularies: set[str]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    names = list(file.columns)
    last = len(file.rows) + 1 + SPARE_ROWS
    for place, column in enumerate(file.columns.values(), 1):
        if column.vocabulary in vocabularies:
            source = _list_name(column.vocabulary)
        elif column.vocabulary_from:
            source = (
                f'INDIRECT("{_list_name("")}"&${get_column_letter(names.index(column.vocabulary_from) + 1)}2)'
            )
        else:
            continue
        # Several codes with | between them, or a form beside the words, cannot be listed: warn and let pass.
        open_ended = column.type in ("codes", "list") or column.pattern is not None
        rule = DataValidation("list", f"{source}", allow_blank=not column.required)
        rule.errorStyle = "warning" if open_ended else "stop"
        rule.showErrorMessage = True
        rule.error = "This word is not in the vocabulary."
        letter = get_column_letter(place)
        rule.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(rule)


def _columns(book: Any, files: list[RuleFile], described: dict[str, dict[str, str]]) -> None:
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(COLUMNS_SHEET)
    lines = [("sheet", "column", "type", "required", "words", "what it holds")]
    for file in files:
        texts = described.get(file.name, {})
        lines.append((sheet_name(file.name), "", "", "", "", texts.get("", "")))
        for column in file.columns.values():
            words = column.vocabulary or (
                f"as {column.vocabulary_from} says" if column.vocabulary_from else ""
            )
            required = "yes" if column.required else ""
            lines.append(("", column.name, column.type, required, words, texts.get(column.name, "")))
    for number, line in enumerate(lines, 1):
        for place, text in enumerate(line, 1):
            cell = _write(sheet, number, place, text)
            cell.alignment = Alignment(wrap_text=place == len(line), vertical="top")
            cell.font = Font(bold=number == 1 or bool(line[0]))
    for letter, width in zip("ABCDEF", (30, 22, 9, 9, 22, 100), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
