"""What a spreadsheet does to a cell: understood where only one reading is possible, refused otherwise.

A spreadsheet guesses: 1-10 becomes a date, 021 becomes 21, true becomes TRUE, 123456789012 becomes
1.23457E+11. The guess is seldom seen and never undone: a cell is taken as it stands only when nothing can
have happened to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from orchestration.rules.files import DESCRIPTION_COLUMNS, Column, parse_date

_ERRORS = re.compile(r"#(REF!|NAME[?]|VALUE!|N/A|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|#+)", re.I)
_INTEGER = re.compile(r"-?[0-9]{1,15}")
_WHOLE = re.compile(r"(-?[0-9]{1,15})[.]0+")
_DECIMAL = re.compile(r"-?[0-9]{1,15}([.][0-9]{1,2})?")
_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?")
_SCIENTIFIC = re.compile(r"-?[0-9]([.][0-9]+)?E[+-]?[0-9]{1,3}", re.I)
_GROUPED = re.compile(r"-?[0-9]{1,3}([,' ][0-9]{3})+([.][0-9]+)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.年])([0-9]{1,2})[-/.月]([0-9]{1,2})日?([ T]0?0:00(:00)?)?")
_COMPACT = re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(:00)?")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE_LIKE = re.compile(
    rf"[0-9]{{1,2}}[- ]({_MONTHS})([- ][0-9]{{2,4}})?|({_MONTHS})[- ][0-9]{{1,4}}"
    r"|[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}年[0-9]{1,2}月([0-9]{1,2}日)?"
    r"|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?"
    r"|[0-9]{1,2}/[0-9]{1,2}/([0-9]{2}|[0-9]{4})",
    re.I,
)
_TIME_LIKE = re.compile(r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}( [AP]M)?", re.I)
_INVISIBLE = str.maketrans("", "", "\ufeff\u200b\u200c\u200d\u2060")
# Wide letters, digits and signs of a pattern or a list; brackets and punctuation are ordinary Chinese text.
_WIDE_SIGNS = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a｜．＊＋［］＾＄｛｝＼－＿＠]")
_WIDE = re.compile("[\uff01-\uff5e]")
# Day 0 of Excel for any date after February 1900; serials outside 2000 to 2100 are taken for plain numbers.
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range((date(2000, 1, 1) - _EXCEL_EPOCH).days, (date(2100, 1, 1) - _EXCEL_EPOCH).days)
_KEPT_DIGITS = 10**15


@dataclass(frozen=True)
class Cell:
    """A cell as the file has it.

    `value` is None, a text, a number, a bool, a date or a time; `place` is where a person finds it;
    `number_format` is how a spreadsheet shows the number.
    """

    value: Any
    place: str
    is_formula: bool = False
    number_format: str = "General"

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it but blanks."""
        return self.value is None or (isinstance(self.value, str) and not _cleaned(self.value))

    def __str__(self) -> str:
        value = self.value
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, datetime) and value.time() == time():
            return value.date().isoformat()
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Reading:
    """What a cell says: `text` as a rule file writes it, or a `problem` with its `remedy`.

    `said` names the odd spelling that was understood, such as "a date cell"; empty: it says `text` itself.
    """

    text: str = ""
    said: str = ""
    problem: str = ""
    remedy: str = ""


def understand(cell: Cell, column: Column, present: str | None, known: Set[str] = frozenset()) -> Reading:
    """Read a cell, given what the rules say.

    Args:
        cell: the cell as the file has it.
        column: what the column holds.
        present: the cell of the same rule version in the rules, None for a new row.
        known: words that the column has or may have; what differs from one only in its zeros is refused.
    """
    value = cell.value
    if cell.is_formula:
        return _refused(
            f"The cell holds a formula ({value}).", "Replace it by its value: copy, paste as values."
        )
    if value is None:
        return Reading()
    if isinstance(value, bool):
        return _refused_bool(str(value).upper(), column, present)
    if isinstance(value, datetime | date):
        return _from_day(value, column, present)
    if isinstance(value, time):
        return _from_time(value, column, present)
    if isinstance(value, timedelta):
        return _refused("A duration stands here.", _as_text(present))
    if isinstance(value, int | float):
        return _from_number(value, cell, column, present, known)
    return _from_text(str(value), column, present, known)


def same_value(column: Column, before: str, after: str) -> bool:
    """Return whether two texts say the same in a column: numbers by value, else letter by letter."""
    if column.type in ("integer", "decimal"):
        left, right = _as_decimal(before), _as_decimal(after)
        if left is not None and right is not None:
            return left == right
    return before == after


def _from_day(value: date, column: Column, present: str | None) -> Reading:
    clock = value.time() if isinstance(value, datetime) else time()
    day = value.date() if isinstance(value, datetime) else value
    if column.type != "date":
        return _became_date(day.isoformat(), column, present, (day.month, day.day))
    if clock != time():
        return _refused(f"{value} is a day with a time.", "Write the day alone, as YYYY-MM-DD.")
    return Reading(day.isoformat(), "a date cell")


def _from_time(value: time, column: Column, present: str | None) -> Reading:
    if column.type == "time" and not value.second and not value.microsecond:
        return Reading(value.strftime("%H:%M"), "a time cell")
    return _refused(f"A spreadsheet made the time {value} of what was written here.", _as_text(present))


def _from_number(
    value: int | float, cell: Cell, column: Column, present: str | None, known: Set[str]
) -> Reading:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")
    if "%" in cell.number_format:
        problem = f"The cell is a percentage: it shows {value * 100:g} % and holds {text}."
        return _refused(problem, "Write the number without the percent sign, in a cell formatted as text.")
    if abs(value) >= _KEPT_DIGITS:
        problem = f"{text} has more than 15 digits, and spreadsheets keep only 15."
        return _refused(problem, _as_text(present))
    if column.type == "integer":
        return Reading(text) if isinstance(value, int) else _not_whole(text)
    if column.type == "decimal":
        return Reading(text) if _DECIMAL.fullmatch(text) else _too_fine(text)
    if column.type == "date":
        return _serial(text) or _refused(f"The number {text} is no day.", "Write it as YYYY-MM-DD.")
    if column.type == "time":
        minutes = value * 24 * 60
        if 0 <= value < 1 and abs(minutes - round(minutes)) < 1e-6:
            return Reading(
                f"{round(minutes) // 60:02d}:{round(minutes) % 60:02d}", "part of a day as a number"
            )
        return _refused(
            f"The number {text} is no time of day.", "Write it as HH:MM, in a cell formatted as text."
        )
    if text == present:
        return Reading(text)
    return _lost_zeros(text, present, known) or Reading(text, "a number cell in a text column")


def _from_text(text: str, column: Column, present: str | None, known: Set[str]) -> Reading:
    if text == present:
        return Reading(text)
    clean = _cleaned(text)
    said = "blanks around it or invisible signs in it" if clean != text else ""
    if not clean or clean == present:
        return Reading(clean, said)
    problem = _spoilt(clean, present)
    if problem:
        return problem
    narrow = unicodedata.normalize("NFKC", clean)
    by_type = {"integer": _whole, "decimal": _decimal, "date": _day, "time": _time_of_day}
    if column.type in by_type:
        found = by_type[column.type](narrow, column, present)
        return _noting(found, said, clean, narrow)
    mangled = _mangled(narrow, column, present, known)
    if mangled:
        return mangled
    if _is_code(column):
        return _noting(Reading(narrow), said, clean, narrow)
    return _wide_text(clean, said, column, present)


def _spoilt(text: str, present: str | None) -> Reading | None:
    if _ERRORS.fullmatch(text):
        return _refused(f"The cell shows the error {text}.", _put_back(present) + "Write what it should say.")
    if re.search("[\r\n\t]|_x000D_", text):
        return _refused("The cell has a line break or a tab.", "Write it on one line.")
    if text.startswith("="):
        return _refused(f"'{text}' is a formula as text.", "Replace it by its value: copy, paste as values.")
    if "\ufffd" in text or _is_garbled(text, present):
        remedy = "Open the export again and save it as .xlsx or 'CSV UTF-8'."
        return _refused(f"'{text}' is garbled: it went through the wrong encoding.", remedy)
    return None


def _is_garbled(text: str, present: str | None) -> bool:
    if present and "?" in text and len(text) == len(present):
        replaced = [(a, b) for a, b in zip(text, present, strict=True) if a != b]
        if all(a == "?" and ord(b) > 127 for a, b in replaced):
            return True
    try:
        decoded = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    chinese = len(re.findall("[\u4e00-\u9fff]", decoded))
    return decoded != text and (decoded == present or chinese >= 3)


def _mangled(text: str, column: Column, present: str | None, known: Set[str]) -> Reading | None:
    if text in ("TRUE", "FALSE"):
        return _refused_bool(text, column, present)
    if _DATE_LIKE.fullmatch(text):
        return _became_date(text, column, present)
    if _TIME_LIKE.fullmatch(text):
        return _refused(f"A spreadsheet made the time {text} of what was written here.", _as_text(present))
    if _SCIENTIFIC.fullmatch(text):
        problem = f"'{text}' is a long number that a spreadsheet has cut: its last digits are gone."
        return _refused(problem, _as_text(present))
    return _lost_zeros(text, present, known)


def _lost_zeros(text: str, present: str | None, known: Set[str]) -> Reading | None:
    number = _as_decimal(text)
    if number is None:
        return None
    candidates = ([present] if present else []) + ([] if text in known else sorted(known))
    for word in candidates:
        if word != text and _as_decimal(word) == number:
            problem = f"'{text}' looks like '{word}' after a spreadsheet took its zeros away."
            remedy = (
                f"Format the column as text and write '{word}'; if {text} is really meant, edit the CSV file."
            )
            return _refused(problem, remedy)
    return None


def _became_date(
    shown: str, column: Column, present: str | None, month_day: tuple[int, int] | None = None
) -> Reading:
    was = f"{month_day[0]}-{month_day[1]}" if month_day else "1-10"
    problem = (
        f"A date ({shown}) stands in {column.name}, which holds none: "
        f"spreadsheets turn texts such as {was} into dates."
    )
    return _refused(problem, _as_text(present))


def _refused_bool(text: str, column: Column, present: str | None) -> Reading:
    if column.type == "integer":
        return _refused(f"{text} is not a number.", "Write 1 for yes, 0 for no.")
    return _refused(f"A spreadsheet made {text} of the word {text.lower()}.", _as_text(present))


def _whole(text: str, column: Column, present: str | None) -> Reading:
    if _INTEGER.fullmatch(text):
        return Reading(str(int(text)), "" if text == str(int(text)) else "zeros in front")
    whole = _WHOLE.fullmatch(text)
    if whole:
        return Reading(str(int(whole[1])), "decimals that are zero")
    return _no_number(text, column, present) or _not_whole(text)


def _decimal(text: str, column: Column, present: str | None) -> Reading:
    if _DECIMAL.fullmatch(text):
        return Reading(text)
    return _no_number(text, column, present) or _too_fine(text)


def _no_number(text: str, column: Column, present: str | None) -> Reading | None:
    if text.upper() in ("TRUE", "FALSE"):
        return _refused_bool(text.upper(), column, present)
    if _DATE_LIKE.fullmatch(text):
        return _became_date(text, column, present)
    if _SCIENTIFIC.fullmatch(text):
        problem = f"{text} is a number that a spreadsheet has shortened: digits may be gone."
        return _refused(problem, _put_back(present) + "Write all its digits.")
    if _GROUPED.fullmatch(text):
        return _refused(f"{text} has separators.", "Write digits only.")
    if text.endswith("%"):
        return _refused(f"{text} is a percentage.", "Write the number without the percent sign.")
    return None


def _not_whole(text: str) -> Reading:
    return _refused(f"'{text}' is not a whole number.", "Write digits only, without separators.")


def _too_fine(text: str) -> Reading:
    return _refused(f"'{text}' is not a number with at most two decimals.", "Write a dot for the decimals.")


def _day(text: str, column: Column, present: str | None) -> Reading:
    if parse_date(text):
        return Reading(text)
    parts = _YEAR_FIRST.fullmatch(text)
    year, month, day = (parts[1], parts[3], parts[4]) if parts else ("", "", "")
    if not parts and (compact := _COMPACT.fullmatch(text)):
        year, month, day = compact.groups()
    if year:
        try:
            return Reading(date(int(year), int(month), int(day)).isoformat(), "another spelling of a date")
        except ValueError:
            return _refused(f"'{text}' is no day of the calendar.", "Write it as YYYY-MM-DD.")
    if _DATE_LIKE.fullmatch(text):
        problem = f"'{text}' can be more than one day: year, month and day are not told apart."
        return _refused(
            problem, _put_back(present) + "Write it as YYYY-MM-DD, in a column formatted as text."
        )
    return _serial(text) or _refused(f"'{text}' is not a date.", "Write it as YYYY-MM-DD.")


def _serial(text: str) -> Reading | None:
    if text.isascii() and text.isdigit() and int(text) in _SERIALS:
        return Reading((_EXCEL_EPOCH + timedelta(days=int(text))).isoformat(), "a date as a serial number")
    return None


def _time_of_day(text: str, column: Column, present: str | None) -> Reading:
    parts = _CLOCK.fullmatch(text)
    if parts and int(parts[1]) <= 24 and int(parts[2]) < 60:
        written = f"{int(parts[1]):02d}:{parts[2]}"
        return Reading(written, "" if written == text else "another spelling of a time")
    return _refused(f"'{text}' is not a time.", "Write it as HH:MM, such as 09:00.")


def _wide_text(text: str, said: str, column: Column, present: str | None) -> Reading:
    new = set(text) - set(present or "")
    if column.name in DESCRIPTION_COLUMNS or not _WIDE.search("".join(new)):
        return Reading(text, said)
    signs = "".join(sorted(sign for sign in new if _WIDE_SIGNS.match(sign)))
    if signs:
        narrow = unicodedata.normalize("NFKC", signs)
        remedy = f"Write {narrow} with the input method on half-width."
        return _refused(f"'{text}' has full-width {signs}, which never meets {narrow}.", remedy)
    wide = "".join(sorted(sign for sign in new if _WIDE.match(sign)))
    note = f"full-width {wide} kept: the half-width sign is another one"
    return Reading(text, f"{said}; {note}" if said else note)


def _noting(found: Reading, said: str, clean: str, narrow: str) -> Reading:
    """Add to a reading that blanks were cut off or wide letters made narrow."""
    if found.problem:
        return found
    notes = [note for note in (said, "full-width letters" if clean != narrow else "", found.said) if note]
    return Reading(found.text, "; ".join(notes))


def _is_code(column: Column) -> bool:
    return column.type in ("code", "codes") or bool(
        column.vocabulary or column.vocabulary_from or column.pattern
    )


def _cleaned(text: str) -> str:
    return text.translate(_INVISIBLE).strip()


def _as_decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    except InvalidOperation:
        return None


def _put_back(present: str | None) -> str:
    return f"The rules say '{present}'. " if present else ""


def _as_text(present: str | None) -> str:
    return _put_back(present) + "Format the column as text and write it again."


def _refused(problem: str, remedy: str) -> Reading:
    return Reading(problem=problem, remedy=remedy)
