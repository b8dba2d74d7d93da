"""A copy of the default rules to make mistakes in."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"


class RuleSet:
    """A folder of seeds that a test may change; lines count as in an editor, 1 being the header."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        return next(self.folder.rglob(f"{name}.csv"))

    def read(self, name: str) -> list[list[str]]:
        with self.path(name).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, name: str, table: list[list[str]], line_end: str = "\n") -> None:
        with self.path(name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator=line_end).writerows(table)

    def line_of(self, name: str, rule_id: str) -> int:
        return next(line for line, cells in enumerate(self.read(name), 1) if cells[0] == rule_id)

    def change(self, name: str, rule_id: str, /, **cells: str) -> int:
        """Write cells of a rule's first row and return its line."""
        table = self.read(name)
        line = self.line_of(name, rule_id)
        for column, value in cells.items():
            table[line - 1][table[0].index(column)] = value
        self.write(name, table)
        return line

    def append(self, name: str, like: str, /, **cells: str) -> int:
        """Append a copy of a rule's row with other cells and return its line."""
        table = self.read(name)
        row = list(table[self.line_of(name, like) - 1])
        for column, value in cells.items():
            row[table[0].index(column)] = value
        self.write(name, [*table, row])
        return len(table) + 1

    def remove(self, name: str, rule_id: str) -> None:
        self.write(name, [cells for cells in self.read(name) if cells[0] != rule_id])


@pytest.fixture
def rules(tmp_path: Path) -> RuleSet:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    return RuleSet(tmp_path / "seeds")
