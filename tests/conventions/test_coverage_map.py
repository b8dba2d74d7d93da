"""docs/coverage.md is the honest map of R01–R60: it cannot claim what doesn't exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATES = {"works", "partly", "not yet"}


def rows() -> list[dict[str, str]]:
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 5 and re.fullmatch(r"R[0-9]{2}", cells[0]):
            found.append(dict(zip(("id", "what", "state", "where", "tests"), cells, strict=True)))
    return found


def test_every_requirement_has_one_row():
    assert [row["id"] for row in rows()] == [f"R{number:02d}" for number in range(1, 61)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_row_claims_only_what_exists(row, manifest):
    assert row["state"] in STATES, row["state"]
    names = {node["name"] for node in manifest["nodes"].values()}
    claimed = re.findall(r"`([^`]+)`", row["where"]) + re.findall(r"`([^`]+)`", row["tests"])
    for claim in claimed:
        path, _, test_name = claim.partition("::")
        exists = claim in names or (ROOT / path).exists()
        assert exists, f"{row['id']} names {claim}: no such model, seed or path"
        if test_name:
            assert test_name in (ROOT / path).read_text(encoding="utf-8"), f"{row['id']} names {claim}: no such test"
    if row["state"] == "works":
        assert re.findall(r"`([^`]+)`", row["where"]) and re.findall(r"`([^`]+)`", row["tests"]), (
            f"{row['id']} says it works but names no place or no test"
        )
    if row["state"] == "not yet":
        assert not re.findall(r"`([^`]+)`", row["tests"]), f"{row['id']} is not there yet and still names tests"
