"""Holds the rules to their history: what once decided something is never changed or deleted (DESIGN 2)."""

from __future__ import annotations

import csv
import subprocess
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from orchestration.rules.files import (
    DESCRIPTION_COLUMNS,
    KEY_COLUMNS,
    RuleProblem,
    load_rule_files,
    parse_date,
    parse_table,
)

FREE_TO_CHANGE = frozenset(DESCRIPTION_COLUMNS)
Key = tuple[str, str]


class RulesHistoryError(Exception):
    """The state to compare with cannot be read from Git; the text says why."""


@dataclass(frozen=True)
class _Version:
    file: str
    line: int
    cells: dict[str, str]


def append_only_problems(base_ref: str, root: Path, published_until: date | None = None) -> list[RuleProblem]:
    """Compare the rules in the working tree with those of a Git reference.

    A row of the reference must still be there with the same payload (compared as values: 5 is 05, columns may
    move and be added); owner, why, reference, labels and comments may change. A new version begins after the
    newest one of its rule in the reference and, where published days are known, after the last of them.

    Args:
        base_ref: branch, tag or commit, such as main.
        root: the project, a Git working tree with seeds/.
        published_until: the last published day-end; rows that begin later may still be edited.
            None: every row of the reference counts as published.

    Raises:
        RulesHistoryError: Git is missing, this is no repository, or the reference does not exist.
    """
    base = _versions_of(base_ref, root)
    seeds = root / "seeds"
    now: dict[Key, _Version] = {}
    for file in load_rule_files(seeds)[0].values():
        if file.id_column:
            for row in file.rows:
                now[row[file.id_column], row["valid_from"]] = _Version(file.path, row.line, row.cells)

    def is_open(valid_from: str) -> bool:
        day = parse_date(valid_from)
        return published_until is not None and day is not None and day > published_until

    problems = []
    newest: dict[str, str] = {}
    for (rule_id, valid_from), old in base.items():
        newest[rule_id] = max(newest.get(rule_id, ""), valid_from)
        if is_open(valid_from):
            continue
        new = now.get((rule_id, valid_from))
        if new is None:
            problem = f"{rule_id} from {valid_from} was deleted (it is line {old.line} in {base_ref})."
            remedy = "Put it back; a rule ends with a new row whose status is retired."
            problems.append(RuleProblem(old.file, None, "", problem, remedy))
            continue
        for column in _payload(old.cells):
            if column not in new.cells:
                problem = f"The column {column} is gone, and with it what {rule_id} from {valid_from} said."
                problems.append(RuleProblem(new.file, 1, column, problem, "Keep the column."))
            elif _value(old.cells[column]) != _value(new.cells[column]):
                before, after = old.cells[column] or "(empty)", new.cells[column] or "(empty)"
                problem = f"{rule_id} from {valid_from} said {before} and now says {after}."
                remedy = "Put it back and append a row with a later valid_from that says the new thing."
                problems.append(RuleProblem(new.file, new.line, column, problem, remedy))
    for (rule_id, valid_from), new in now.items():
        if (rule_id, valid_from) in base:
            continue
        if rule_id in newest and valid_from <= newest[rule_id] and not is_open(valid_from):
            problem = f"{rule_id} has a version from {newest[rule_id]}; a new one cannot begin before it."
            problems.append(RuleProblem(new.file, new.line, "valid_from", problem, "Choose a later day."))
        elif published_until and (parse_date(valid_from) or date.max) <= published_until and base:
            problem = f"{rule_id} would change days that are published (the last one is {published_until})."
            problems.append(RuleProblem(new.file, new.line, "valid_from", problem, "Choose a later day."))
    return sorted(set(problems), key=lambda p: (p.file, p.row or 0, p.column, p.problem))


def _payload(cells: dict[str, str]) -> list[str]:
    key = _key_column(list(cells))
    return [name for name in cells if name not in FREE_TO_CHANGE and name not in (key, "valid_from")]


def _key_column(header: list[str]) -> str | None:
    return next((name for name in KEY_COLUMNS if name in header), None)


def _value(text: str) -> str | Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _versions_of(base_ref: str, root: Path) -> dict[Key, _Version]:
    commit = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base_ref}^{{commit}}"
    ).strip()
    paths = _git(root, "ls-tree", "-r", "-z", "--name-only", commit, "--", "seeds").split("\0")
    versions: dict[Key, _Version] = {}
    for path in paths:
        if not path.endswith(".csv"):
            continue
        try:
            records = parse_table(_git(root, "show", f"{commit}:{path}"))
        except csv.Error as error:
            raise RulesHistoryError(f"{path} in {base_ref} is not readable as CSV: {error}") from error
        if not records:
            continue
        header = records[0][1]
        key = _key_column(header)
        if key is None or "valid_from" not in header:
            continue
        for line, cells in records[1:]:
            row = dict(zip(header, cells, strict=False))
            versions[row.get(key, ""), row.get("valid_from", "")] = _Version(path, line, row)
    return versions


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise RulesHistoryError("Git is not installed; the history of the rules lives in it.") from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip() or f"'{arguments[-1]}' is not known here"
        raise RulesHistoryError(f"Git cannot read the rules to compare with: {reason}")
    return done.stdout.decode("utf-8")
