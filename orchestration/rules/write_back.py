"""Writes planned edits into the rule files: only the rows that differ, and all files or none."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from orchestration.rules.check import check_rules
from orchestration.rules.files import RuleFile, load_rule_files, parse_table
from orchestration.rules.overlay import ADDED_TO, lay_over
from orchestration.rules.round_trip import Edit, Plan
from orchestration.rules.spreadsheet import Refusal, SpreadsheetError


@dataclass(frozen=True)
class Target:
    """The file that an edit goes to.

    `before` are its bytes, None when it is still to be made; `base` is the text to edit. Line n of the rules
    in force is line n - `offset` of the base; a row before its second line belongs to the default rules.
    """

    path: Path
    before: bytes | None
    base: str
    offset: int = 0


@dataclass(frozen=True)
class Prepared:
    """Files with their new bytes, checked as a whole; `refusals` are what the validator says of them."""

    files: dict[Path, bytes]
    targets: dict[Path, Target]
    refusals: list[Refusal]


def prepare(plan: Plan, files: dict[str, RuleFile], default_seeds: Path, overlay: Path | None) -> Prepared:
    """Apply the edits of a plan to a copy of the rules and check the copy.

    Args:
        plan: the edits.
        files: the rules in force, by name, as the plan was made from.
        default_seeds: the folder of the default rules.
        overlay: the folder of own rules, which are then the ones that are written; None: the default ones.
    """
    contents: dict[Path, bytes] = {}
    targets: dict[Path, Target] = {}
    refusals: list[Refusal] = []
    for name, edit in plan.edits.items():
        target = _target(files[name], default_seeds, overlay)
        foreign = [line for line in edit.replaced if line - target.offset < 2]
        for line in foreign:
            place = f"{files[name].path}, line {line}"
            remedy = "Change it in the default rules, or leave it and add a term of your own."
            refusals.append(Refusal(place, "The row belongs to the default rules.", remedy))
        if not foreign:
            text = edited(target.base, edit, files[name], target.offset)
            contents[target.path] = text.encode("utf-8")
            targets[target.path] = target
    with tempfile.TemporaryDirectory(prefix="leadhouse-rules-") as folder:
        written = overlay or default_seeds
        copy = Path(folder) / "written" / written.name
        shutil.copytree(written, copy)
        for path, content in contents.items():
            place = copy / path.relative_to(written)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        seeds = lay_over(default_seeds, copy, Path(folder) / "laid" / "seeds") if overlay else copy
        refusals += _check(plan, seeds)
    return Prepared(contents, targets, refusals)


def publish(prepared: Prepared) -> list[Path]:
    """Replace the files, all or none, and return their paths.

    Args:
        prepared: files that passed the check.

    Raises:
        SpreadsheetError: a file changed since it was read, or cannot be written; all are as they were.
    """
    for path, target in prepared.targets.items():
        if (path.read_bytes() if path.exists() else None) != target.before:
            raise SpreadsheetError(
                f"{path} has changed since it was read. Nothing was written; import again."
            )
    parts: dict[Path, Path] = {}
    replaced: list[Path] = []
    try:
        for path, content in prepared.files.items():
            parts[path] = path.with_name(f".{path.name}.part")
            parts[path].write_bytes(content)
            if path.exists():
                shutil.copymode(path, parts[path])
        for path, part in parts.items():
            os.replace(part, path)
            replaced.append(path)
    except OSError as error:
        for path in replaced:
            before = prepared.targets[path].before
            if before is None:
                path.unlink()
            else:
                path.write_bytes(before)
        raise SpreadsheetError(f"Cannot write: {error}. All rules are as they were.") from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return replaced


def edited(text: str, edit: Edit, file: RuleFile, offset: int = 0) -> str:
    """Return a CSV text with some rows written anew and some added; every other row keeps its bytes.

    A new row goes to the end; a new term goes behind the last one of its vocabulary.

    Args:
        text: the CSV text, with its line ends.
        edit: the rows, by line of the rules in force.
        file: the rule file, for its columns.
        offset: what to take from a line of the rules in force to get that of the text.
    """
    starts = [start for start, _ in parse_table(text.removeprefix("\ufeff"))]
    lines = list(io.StringIO(text, newline=""))
    records = [
        "".join(lines[a - 1 : b - 1]) for a, b in zip(starts, [*starts[1:], len(lines) + 1], strict=True)
    ]
    end = "\r\n" if records[0].endswith("\r\n") else "\n"
    for line, cells in edit.replaced.items():
        place = starts.index(line - offset)
        own_end = "\r\n" if records[place].endswith("\r\n") else "\n" if records[place].endswith("\n") else ""
        records[place] = _record(cells, file) + own_end
    if edit.added and not records[-1].endswith("\n"):
        records[-1] += end
    key = (file.meta.get("key") or [])[:1] if not file.id_column else []
    for cells in edit.added:
        place = len(records)
        if len(file.meta.get("key") or []) > 1 and key:
            column = list(file.columns).index(key[0])
            groups = [next(csv.reader([record.rstrip("\r\n")]), []) for record in records]
            same = [
                n for n, found in enumerate(groups) if len(found) > column and found[column] == cells[key[0]]
            ]
            place = same[-1] + 1 if same else place
        records.insert(place, _record(cells, file) + end)
    return "".join(records)


def _record(cells: dict[str, str], file: RuleFile) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="").writerow([cells[name] for name in file.columns])
    return text.getvalue()


def _target(file: RuleFile, default_seeds: Path, overlay: Path | None) -> Target:
    default = next(default_seeds.rglob(f"{file.name}.csv"))
    if overlay is None:
        return _existing(default, 0)
    own = next(iter(sorted(overlay.rglob(default.name))), None)
    if default.name not in ADDED_TO:
        if own:
            return _existing(own, 0)
        return Target(overlay / default.name, None, default.read_bytes().decode("utf-8"))
    # The own rows follow the default ones, whose last line is followed by line 2 of the own file.
    default_lines = len(default.read_text(encoding="utf-8").rstrip("\n").split("\n"))
    if own:
        return _existing(own, default_lines - 1)
    return Target(overlay / default.name, None, ",".join(file.columns) + "\n", default_lines - 1)


def _existing(path: Path, offset: int) -> Target:
    content = path.read_bytes()
    return Target(path, content, content.decode("utf-8"), offset)


def _check(plan: Plan, seeds: Path) -> list[Refusal]:
    """What the validator says of the result, with the place in the spreadsheet where it is known."""
    problems = check_rules(seeds)
    if not problems:
        return []
    loaded = {file.path: file for file in load_rule_files(seeds)[0].values()}
    found = []
    for problem in problems:
        file = loaded.get(problem.file)
        place, rule = f"{problem.file}" + (f", line {problem.row}" if problem.row else ""), ""
        row = next((row for row in file.rows if row.line == problem.row), None) if file else None
        if file and row:
            columns = [file.id_column, "valid_from"] if file.id_column else list(file.meta.get("key") or [])
            key = tuple(row[name] for name in columns)
            rule = "@".join(key) if file.id_column else " ".join(key)
            place = plan.places.get((file.name, key), place)
        found.append(Refusal(place, problem.problem, problem.remedy, rule, problem.column))
    return found
