"""Builds one small world out of all scenario files: rows → deliveries → lake → dbt, as a user's data would go.

A scenario is a YAML file in `stories/`: rows by feed, in the columns of the feed contract and in local time
(Asia/Shanghai), and what the marts must show on the last day. Scenarios share one world, so ids, numbers and companies must
not repeat between files unless they are meant to meet.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from orchestration.ingestion.contracts import load_contracts

STORIES = Path(__file__).parent / "stories"
SYSTEM = "world"


@dataclass(frozen=True)
class Story:
    """One scenario file."""

    name: str
    title: str
    requirements: list[str]
    rows: dict[str, list[dict[str, Any]]]
    expect: list[dict[str, Any]]


def load_stories(folder: Path = STORIES) -> list[Story]:
    stories = []
    for path in sorted(folder.glob("*.yml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        stories.append(Story(path.stem, raw["title"], raw["requirements"], raw["rows"], raw["expect"]))
    return stories


def deliver(stories: list[Story], landing: Path, connections: Path) -> None:
    """Write one JSON-lines delivery per feed and its connection."""
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
        lines = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
        (landing / f"{feed}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        columns = sorted({column for row in rows for column in row if column != "known_at"})
        (connections / f"{feed}.yml").write_text(
            yaml.safe_dump(
                {
                    "system": SYSTEM,
                    "feed": feed,
                    "reader": "jsonl",
                    "path": str(landing / f"{feed}.jsonl"),
                    "timezone": "Asia/Shanghai",
                    "delivery": "changes" if contracts[feed].kind == "entity" else "events",
                    "known_at": {"column": "known_at"},
                    "columns": {column: column for column in columns},
                },
                allow_unicode=True,
            ),
            encoding="utf-8",
        )


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
