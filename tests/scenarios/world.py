"""Builds one small world out of all scenario files: rows → deliveries → lake → dbt, as a user's data would go.

A scenario is a YAML file in `stories/`. Its parts:

- `title`: what the business expects, in a sentence; `requirements`: the R-numbers it proves; `story`: a few sentences for people;
- `rows`: by feed, in the columns of the feed contract and in local time (Asia/Shanghai). Each becomes known ten minutes after it
  happened, unless it says `known_at`;
- `snapshots`: whole exports of a system of its own (`system`, `feed`, `known_at`, `rows`). What the next one lacks was deleted;
- `exceptions`: rows of `seeds/exceptions/identity_links.csv`: records that are never one person, or always;
- `expect`: what the marts must show, see `test_stories.py`.

Scenarios share one world, so ids, phone numbers, mail addresses and companies must not repeat between files unless they are meant
to meet. Unknown values may be written the way forms do: "Select", "-".
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from orchestration.ingestion.contracts import load_contracts

STORIES = Path(__file__).parent / "stories"
SYSTEM = "world"
NULL_WORDS = ["Select", "-"]
PARTS = {"title", "requirements", "story", "rows", "snapshots", "exceptions", "expect"}


@dataclass(frozen=True)
class Story:
    """One scenario file."""

    name: str
    title: str
    requirements: list[str]
    rows: dict[str, list[dict[str, Any]]]
    expect: list[dict[str, Any]]
    snapshots: list[dict[str, Any]] = field(default_factory=list)
    exceptions: list[dict[str, Any]] = field(default_factory=list)


def load_stories(folder: Path = STORIES) -> list[Story]:
    """All scenarios, by file name. Raises ValueError for a part that nobody reads."""
    stories = []
    for path in sorted(folder.glob("*.yml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        if unread := set(raw) - PARTS:
            raise ValueError(f"{path.name}: unknown part {', '.join(sorted(unread))}; a story has {', '.join(sorted(PARTS))}")
        stories.append(
            Story(
                path.stem, raw["title"], raw["requirements"], raw.get("rows", {}), raw["expect"],
                raw.get("snapshots", []), raw.get("exceptions", []),
            )
        )
    return stories


def deliver(stories: list[Story], landing: Path, connections: Path) -> None:
    """Write one JSON-lines delivery per feed, one file per snapshot, and their connections."""
    contracts = load_contracts().feeds
    landing.mkdir(parents=True, exist_ok=True)
    connections.mkdir(parents=True, exist_ok=True)
    by_feed: dict[str, list[dict[str, Any]]] = {}
    for story in stories:
        for feed, rows in story.rows.items():
            for number, row in enumerate(rows):
                by_feed.setdefault(feed, []).append(_completed(contracts[feed], story.name, number, row))
    for feed, rows in by_feed.items():
        rows.sort(key=lambda row: row["known_at"])
        _write_rows(landing / f"{feed}.jsonl", rows)
        _write_connection(
            connections / f"{feed}.yml",
            system=SYSTEM,
            feed=feed,
            path=str(landing / f"{feed}.jsonl"),
            delivery="changes" if contracts[feed].kind == "entity" else "events",
            known_at={"column": "known_at"},
            columns={column: column for row in rows for column in row if column != "known_at"},
        )
    for story in stories:
        for snapshot in story.snapshots:
            name = f"{snapshot['system']}_{snapshot['feed']}"
            known_at = datetime.fromisoformat(str(snapshot["known_at"]))
            _write_rows(landing / f"{name}_{known_at:%Y%m%d%H%M}.jsonl", snapshot["rows"])
            _write_connection(
                connections / f"{name}.yml",
                system=snapshot["system"],
                feed=snapshot["feed"],
                path=str(landing / f"{name}_*.jsonl"),
                delivery="snapshot",
                known_at={"file_name": f"{name}_([0-9]+)", "format": "%Y%m%d%H%M"},
                columns={column: column for row in snapshot["rows"] for column in row},
            )


def write_exceptions(stories: list[Story], folder: Path) -> None:
    """Write the links that the stories forbid or force as own rules, to be laid over the default ones."""
    columns = ["exception_id", "valid_from", "status", "decision", "record_a", "record_b", "comment", "owner"]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "identity_links.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for story in stories for row in story.exceptions)


def _write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    lines = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_connection(file: Path, **parts: Any) -> None:
    connection = {"reader": "jsonl", "timezone": "Asia/Shanghai", "null_words": NULL_WORDS} | parts
    file.write_text(yaml.safe_dump(connection, allow_unicode=True), encoding="utf-8")


def _completed(contract: Any, story: str, number: int, row: dict[str, Any]) -> dict[str, Any]:
    """A row with its id and the moment it became known: ten minutes after it happened, unless the story says otherwise."""
    row = {column: value for column, value in row.items()}
    row.setdefault(contract.key, f"{story}-{number}")
    happened = row.get(contract.occurred_at)
    known = row.get("known_at") or (datetime.fromisoformat(str(happened)) + timedelta(minutes=10) if happened else None)
    if known is None:
        raise ValueError(f"{story}: row {number} of {contract.name} needs {contract.occurred_at} or known_at")
    row["known_at"] = str(known)
    return row
