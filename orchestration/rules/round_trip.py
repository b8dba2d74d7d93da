"""Compares rows that come back from a spreadsheet with the rules, and plans what would be written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from orchestration.rules.accidents import Cell, same_value, understand
from orchestration.rules.files import DESCRIPTION_COLUMNS, Row, RuleFile, parse_date
from orchestration.rules.spreadsheet import Incoming, Refusal, Sheet, SheetRow

Key = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A cell that says something else than the rules; `as_version`: the day of its new version, if any."""

    file: str
    rule: str
    column: str
    before: str
    after: str
    place: str
    as_version: str = ""


@dataclass(frozen=True)
class NewRow:
    """A row that the rules do not have; `place` is where it stands in the spreadsheet."""

    file: str
    rule: str
    cells: dict[str, str]
    place: str


@dataclass(frozen=True)
class ReadAs:
    """A cell in an odd spelling that has one meaning only."""

    file: str
    rule: str
    column: str
    shown: str
    text: str
    said: str
    place: str


@dataclass
class Edit:
    """What happens to one rule file: rows by line that are written anew, rows that are added."""

    replaced: dict[int, dict[str, str]] = field(default_factory=dict)
    added: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Plan:
    """The difference between a spreadsheet and the rules, and the edits that would settle it.

    `missing` are rules of a read file that the spreadsheet lacks; nothing happens to them. `places` tells by
    file and key where a row stands in the spreadsheet.
    """

    rows: int = 0
    changes: list[Change] = field(default_factory=list)
    additions: list[NewRow] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    read_as: list[ReadAs] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    edits: dict[str, Edit] = field(default_factory=dict)
    places: dict[tuple[str, Key], str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be written."""
        return not self.edits


@dataclass(frozen=True)
class Calendar:
    """The days that decide what may still change.

    `published_until` is the last published day-end, None before the first; `today` is the business day;
    `as_of`, if given, is the day from which changed rules hold as new versions.
    """

    today: date
    published_until: date | None = None
    as_of: date | None = None

    @property
    def locked_until(self) -> date:
        """The last day whose rules are settled: a row that began by then has been in force."""
        return max(self.today, self.published_until) if self.published_until else self.today


def plan_import(files: dict[str, RuleFile], incoming: Incoming, calendar: Calendar) -> Plan:
    """Compare what was read with the rules, row by row and cell by cell.

    Args:
        files: the rules as they are, by name.
        incoming: what the spreadsheet says.
        calendar: the days that decide what may change.
    """
    plan = Plan(refusals=list(incoming.refusals))
    words: dict[str, set[str]] = {}
    for row in files["vocabulary_terms"].rows if "vocabulary_terms" in files else []:
        words.setdefault(row["vocabulary"], set()).add(row["code"])
    for sheet in incoming.sheets:
        _Comparison(files[sheet.file], sheet, words, calendar, plan).run()
    return plan


class _Comparison:
    """One sheet against one rule file."""

    def __init__(
        self, file: RuleFile, sheet: Sheet, words: dict[str, set[str]], calendar: Calendar, plan: Plan
    ) -> None:
        self.file, self.sheet, self.calendar, self.plan = file, sheet, calendar, plan
        self.key_columns = (
            [file.id_column, "valid_from"]
            if file.id_column
            else list(file.meta.get("key") or file.columns)[:2]
        )
        self.by_key: dict[Key, Row] = {self._key(row.cells): row for row in file.rows}
        self.versions: dict[str, list[str]] = {}
        for row in file.rows if file.id_column else []:
            self.versions.setdefault(row[file.id_column], []).append(row["valid_from"])
        self.known = {
            column.name: {row[column.name] for row in file.rows} | words.get(column.vocabulary or "", set())
            for column in file.columns.values()
        }
        # Ids of rows that came back, readable or not: a row that is refused is not missing as well.
        self.seen: set[Key] = set()
        self.seen_ids: set[str] = set()
        self.new_ids: set[str] = set()

    def run(self) -> None:
        """Compare every row, then look for those that did not come back."""
        readable: list[tuple[SheetRow, Key]] = []
        for row in self.sheet.rows:
            self.plan.rows += 1
            key = self._read_key(row)
            if key is None:
                continue
            if (self.file.name, key) in self.plan.places:
                first = self.plan.places[self.file.name, key]
                self._refuse(
                    row, key, "", f"The row is there twice: {first} has it too.", self._remedy_twice()
                )
                continue
            self.plan.places[self.file.name, key] = self._place(row)
            self.seen.add(key)
            readable.append((row, key))
            if key not in self.by_key:
                self.new_ids.add(key[0])
        for row, key in readable:
            present = self.by_key.get(key)
            cells = self._read_cells(row, key, present)
            if cells is not None and present is not None:
                self._compare(row, key, present, cells)
            elif cells is not None:
                self._add(row, key, cells)
        missing = [
            " ".join(key) if not self.file.id_column else "@".join(key)
            for key in self.by_key
            if key not in self.seen and key[0] not in self.seen_ids
        ]
        if missing:
            self.plan.missing[self.file.name] = missing

    def _read_key(self, row: SheetRow) -> Key | None:
        parts, is_refused = [], False
        for name in self.key_columns:
            cell = row.cells[name]
            shown = str(cell)
            present = shown if isinstance(cell.value, str) and shown in self.known[name] else None
            reading = understand(cell, self.file.columns[name], present, self.known[name])
            if reading.problem:
                self._refuse(row, (), name, reading.problem, reading.remedy, cell)
                is_refused = True
            elif not reading.text:
                remedy = (
                    f"The next free id is {self._free_id()}."
                    if name == self.file.id_column
                    else "Fill it in."
                )
                self._refuse(row, (), name, f"The row has no {name}.", remedy, cell)
                is_refused = True
            else:
                parts.append(reading.text)
        if is_refused:
            self.seen_ids |= {str(row.cells[self.key_columns[0]])}
            return None
        return tuple(parts)

    def _read_cells(self, row: SheetRow, key: Key, present: Row | None) -> dict[str, str] | None:
        cells, is_refused = {}, False
        for column in self.file.columns.values():
            cell = row.cells[column.name]
            reading = understand(
                cell, column, present[column.name] if present else None, self.known[column.name]
            )
            if reading.problem:
                self._refuse(row, key, column.name, reading.problem, reading.remedy, cell)
                is_refused = True
                continue
            if reading.said:
                read = ReadAs(
                    self.file.name, _rule(key), column.name, str(cell), reading.text, reading.said, cell.place
                )
                self.plan.read_as.append(read)
            cells[column.name] = reading.text
        return None if is_refused else cells

    def _compare(self, row: SheetRow, key: Key, present: Row, cells: dict[str, str]) -> None:
        changed = {
            name: cells[name]
            for name, column in self.file.columns.items()
            if not same_value(column, present[name], cells[name])
        }
        if not changed:
            return
        decides = [name for name in changed if name not in DESCRIPTION_COLUMNS]
        day = parse_date(present["valid_from"])
        is_settled = bool(self.file.id_column and day and day <= self.calendar.locked_until and decides)
        as_version = ""
        if is_settled:
            problem = self._no_new_version(key, decides, present, cells)
            if problem:
                self._refuse(row, key, decides[0], *problem, row.cells[decides[0]])
                return
            as_version = str(self.calendar.as_of)
        for name in changed:
            place = row.cells[name].place
            change = Change(self.file.name, _rule(key), name, present[name], cells[name], place, as_version)
            self.plan.changes.append(change)
        edit = self.plan.edits.setdefault(self.file.name, Edit())
        # Cells that say the same keep their spelling.
        written = {name: changed.get(name, present[name]) for name in self.file.columns}
        if not is_settled:
            edit.replaced[present.line] = written
            return
        edit.added.append({**written, "valid_from": as_version})
        self.plan.places[self.file.name, (key[0], as_version)] = self._place(row)
        if "why" in self.file.columns and "why" not in changed:
            self.plan.notes.append(f"{_rule(key)}: the reason (why) is still that of the old version.")

    def _no_new_version(
        self, key: Key, decides: list[str], present: Row, cells: dict[str, str]
    ) -> tuple[str, str] | None:
        """Say why a settled row cannot become a new version, None when it can."""
        what = "; ".join(
            f"{name} says {present[name] or '(empty)'}, the sheet {cells[name] or '(empty)'}"
            for name in decides
        )
        later = [version for version in self.versions[key[0]] if version > key[1]]
        as_of = self.calendar.as_of
        if later and parse_date(max(later)):
            problem = f"The version from {key[1]} is followed by one from {max(later)}; it stays ({what})."
            return problem, "Put it back and change the newest version."
        if as_of is None:
            remedy = (
                "Put it back and append a copy of the row with a later valid_from, "
                "or import with --as-of DAY, which makes a new version of it."
            )
            return f"The rule has been in force since {key[1]} ({what}).", remedy
        if key[0] in self.new_ids:
            problem = f"The row is changed ({what}) and the sheet has a new version of the rule too."
            return problem, "Put this row back: the new version says what changes."
        return self._too_early(str(as_of), key[0])

    def _add(self, row: SheetRow, key: Key, cells: dict[str, str]) -> None:
        if self.file.id_column:
            problem = self._too_early(key[1], key[0])
            if problem:
                self._refuse(row, key, "valid_from", *problem, row.cells["valid_from"])
                return
        self.plan.additions.append(NewRow(self.file.name, _rule(key), cells, self._place(row)))
        self.plan.edits.setdefault(self.file.name, Edit()).added.append(cells)

    def _too_early(self, valid_from: str, rule_id: str) -> tuple[str, str] | None:
        until = self.calendar.published_until
        day = parse_date(valid_from)
        if until and day and day <= until:
            problem = (
                f"A row from {valid_from} would change days that are published (the last one is {until})."
            )
            return problem, "Choose a later day."
        settled = [
            version
            for version in self.versions.get(rule_id, [])
            if (began := parse_date(version)) and began <= self.calendar.locked_until
        ]
        if settled and valid_from <= max(settled):
            problem = f"{rule_id} has a version from {max(settled)}; a new one cannot begin before it."
            return problem, "Choose a later day."
        return None

    def _free_id(self) -> str:
        prefix = self.file.meta.get("id_prefix", "")
        taken = set(self.versions) | {str(row.cells[self.key_columns[0]]) for row in self.sheet.rows}
        numbers = [
            match[1]
            for rule_id in taken
            if (match := re.fullmatch(rf"{re.escape(prefix)}-([0-9]+)", rule_id))
        ]
        if not numbers:
            return f"{prefix}-001"
        highest = max(numbers, key=int)
        return f"{prefix}-{int(highest) + 1:0{len(highest)}d}"

    def _key(self, cells: dict[str, str]) -> Key:
        return tuple(cells[name] for name in self.key_columns)

    def _place(self, row: SheetRow) -> str:
        return f"{self.sheet.title}, row {row.number}"

    def _remedy_twice(self) -> str:
        if self.file.id_column:
            return "A new version needs a later valid_from, another rule another id."
        return "Remove one."

    def _refuse(
        self, row: SheetRow, key: Key, column: str, problem: str, remedy: str, cell: Cell | None = None
    ) -> None:
        place = cell.place if cell else self._place(row)
        rule = _rule(key) if key else str(row.cells[self.key_columns[0]])
        self.plan.refusals.append(Refusal(place, problem, remedy, rule, column))


def _rule(key: Key) -> str:
    """The rule version as people name it: ENG-006@2000-01-01, or vocabulary and code."""
    return "@".join(key) if len(key) == 2 and parse_date(key[1]) else " ".join(key)
