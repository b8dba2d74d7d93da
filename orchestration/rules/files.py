"""Reads the rule files and the YAML beside them, without dbt."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from orchestration.ingestion.problems import did_you_mean

END_OF_TIME = date(9999, 12, 31)
# An exception names the rule that it is an exception from, so its own id comes first.
KEY_COLUMNS = ("exception_id", "rule_id")
DESCRIPTION_COLUMNS = ("label_zh", "label_en", "owner", "why", "reference", "comment")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class RuleProblem:
    """A mistake in a rule file, for the person who wrote it.

    `row` is the line of the file as editors and spreadsheets count, 1 the header; None: the whole file.
    """

    file: str
    row: int | None
    column: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = (
            self.file
            + (f", line {self.row}" if self.row else "")
            + (f", {self.column}" if self.column else "")
        )
        return f"{place}: {self.problem} {self.remedy}".rstrip()


@dataclass(frozen=True)
class Column:
    """A column of a rule file and what its cells must be (`config.meta` in the YAML)."""

    name: str
    type: str = "text"
    required: bool = False
    vocabulary: str | None = None
    vocabulary_from: str | None = None
    pattern: str | None = None
    caught_by: str | None = None
    min: int | None = None
    max: int | None = None


@dataclass(frozen=True)
class Row:
    """One row of a rule file: its line and its cells, empty text where nothing is written."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class RuleFile:
    """A seed: its rows, its columns, and the file-wide `config.meta` (id_prefix, key, adds_up_to, covers)."""

    name: str
    path: str
    columns: dict[str, Column]
    meta: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    @property
    def id_column(self) -> str | None:
        """Return the name of the id column, None for a vocabulary."""
        return next((name for name in KEY_COLUMNS if name in self.columns), None)

    @property
    def payload(self) -> list[str]:
        """Return the columns that decide something: all but id, dates, status, labels and reasons."""
        other = (self.id_column, "valid_from", "status", *DESCRIPTION_COLUMNS)
        return [name for name in self.columns if name not in other]

    def problem(self, row: Row | int | None, column: str, problem: str, remedy: str) -> RuleProblem:
        """Return a problem of this file."""
        line = row.line if isinstance(row, Row) else row
        return RuleProblem(self.path, line, column, problem, remedy)

    def intervals(self) -> Iterator[tuple[Row, date, date]]:
        """Yield each active version with its half-open validity; rows with a broken date are left out."""
        versions: dict[str, list[tuple[date, Row]]] = {}
        for row in self.rows:
            day = parse_date(row["valid_from"])
            if day and self.id_column:
                versions.setdefault(row[self.id_column], []).append((day, row))
        for found in versions.values():
            found.sort(key=lambda version: version[0])
            ends = [day for day, _ in found[1:]] + [END_OF_TIME]
            for (start, row), end in zip(found, ends, strict=True):
                if row["status"] == "active" and start < end:
                    yield row, start, end


def parse_date(text: str) -> date | None:
    """Return the date of an ISO text (YYYY-MM-DD), None for anything else."""
    if len(text) != 10:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def load_rule_files(seeds_dir: Path) -> tuple[dict[str, RuleFile], list[RuleProblem]]:
    """Read every seed below a folder.

    Args:
        seeds_dir: the folder that holds rules/, vocabulary/ and exceptions/.

    Returns:
        The files by name, and what is wrong with them as files (encoding, header, number of cells, no YAML).
        A file that cannot be read as a table is left out.

    Raises:
        FileNotFoundError: the folder does not exist.
    """
    if not seeds_dir.is_dir():
        raise FileNotFoundError(f"No folder of rules at {seeds_dir}")
    declared: dict[str, tuple[Path, dict[str, Any]]] = {}
    problems: list[RuleProblem] = []
    for yml in sorted(seeds_dir.rglob("*.yml")):
        relative = _relative(yml, seeds_dir)
        try:
            document = yaml.load(yml.read_text(encoding="utf-8"), Loader=_LOADER) or {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            what = getattr(error, "problem", None) or str(error)
            line = mark.line + 1 if mark else None
            problems.append(
                RuleProblem(relative, line, "", f"Not readable as YAML: {what}.", "Correct the file.")
            )
            continue
        for seed in document.get("seeds") or []:
            declared[seed["name"]] = (yml, seed)

    files: dict[str, RuleFile] = {}
    for path in sorted(seeds_dir.rglob("*.csv")):
        relative = _relative(path, seeds_dir)
        if path.stem not in declared:
            remedy = "Describe the file and its columns in the YAML of the folder, or remove it."
            problems.append(
                RuleProblem(relative, None, "", "The file is not described in a YAML file.", remedy)
            )
            continue
        if path.stem in files:
            remedy = "A file name is used once in all folders."
            problems.append(RuleProblem(relative, None, "", f"There is another {path.name}.", remedy))
            continue
        file = _described(path.stem, relative, declared[path.stem][1])
        found = _read_rows(path, file)
        problems += found
        if not any(problem.row in (None, 1) for problem in found):
            files[path.stem] = file
    seen = {path.stem for path in seeds_dir.rglob("*.csv")}
    for name, (yml, _) in declared.items():
        if name not in seen:
            remedy = "Add the file, or remove it from the YAML."
            problems.append(
                RuleProblem(
                    _relative(yml, seeds_dir),
                    None,
                    "",
                    f"{name} is described, but there is no {name}.csv.",
                    remedy,
                )
            )
    return files, problems


def parse_table(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines of a CSV text as (line on which the record begins, cells)."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, start = [], 1
    for cells in reader:
        records.append((start, cells))
        start = reader.line_num + 1
    return records


def _relative(path: Path, seeds_dir: Path) -> str:
    return (Path(seeds_dir.name) / path.relative_to(seeds_dir)).as_posix()


def _described(name: str, relative: str, seed: dict[str, Any]) -> RuleFile:
    known = Column.__dataclass_fields__
    columns = {}
    for column in seed.get("columns") or []:
        meta = (column.get("config") or {}).get("meta") or {}
        columns[column["name"]] = Column(
            name=column["name"], **{key: meta[key] for key in meta if key in known}
        )
    return RuleFile(name, relative, columns, (seed.get("config") or {}).get("meta") or {})


def _read_rows(path: Path, file: RuleFile) -> list[RuleProblem]:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        remedy = f"Save it as UTF-8 (Excel: 'CSV UTF-8'); the first bad byte is in line {line}."
        return [file.problem(None, "", "The file is not UTF-8.", remedy)]
    if text.startswith("\ufeff"):
        return [
            file.problem(1, "", "The file begins with a byte order mark.", "Save it as UTF-8 without BOM.")
        ]
    try:
        records = parse_table(text)
    except csv.Error as error:
        remedy = "Look for a quotation mark without its partner; a quotation mark inside a cell is doubled."
        return [file.problem(None, "", f"Not readable as CSV: {error}.", remedy)]
    if not records:
        return [file.problem(None, "", "The file is empty.", f"The header is {','.join(file.columns)}.")]
    header = records[0][1]
    if header != list(file.columns):
        return [_header_problem(file, header)]
    problems = []
    for line, cells in records[1:]:
        if not any(cells):
            problems.append(file.problem(line, "", "The line is empty.", "Remove it."))
        elif len(cells) != len(header):
            remedy = "A cell with a comma needs quotation marks around it."
            problems.append(
                file.problem(line, "", f"{len(cells)} cells, but the header has {len(header)}.", remedy)
            )
        else:
            file.rows.append(Row(line, dict(zip(header, cells, strict=True))))
    return problems


def _header_problem(file: RuleFile, header: list[str]) -> RuleProblem:
    missing = [name for name in file.columns if name not in header]
    unknown = [name for name in header if name not in file.columns]
    if unknown:
        hint = did_you_mean(unknown[0], missing or file.columns, listing="Columns:")
        return file.problem(1, unknown[0], f"The header has an unknown column '{unknown[0]}'.", hint)
    if missing:
        return file.problem(1, missing[0], f"The header lacks the column '{missing[0]}'.", "Add it.")
    return file.problem(
        1, "", "The columns are not in their order.", f"The order is {','.join(file.columns)}."
    )
