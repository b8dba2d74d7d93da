"""What was published last: serving/published.json, with the same text inside the serving file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.paths import paths
from orchestration.warehouse.day_ends import Told
from orchestration.warehouse.fingerprints import Fingerprint
from orchestration.warehouse.inputs import Inputs
from orchestration.warehouse.storage import write_json


@dataclass(frozen=True)
class Publication:
    """One published day-end.

    Timestamps are ISO in UTC. `cutoff_at` is the day-end's own known_until, or the newest
    delivery when it is provisional. `known_until_at` is the latest
    one ever published here: ingestion lets nothing become known earlier, also after an old day-end was
    published again.
    """

    inputs: Inputs
    as_of_at: str
    cutoff_at: str
    known_until_at: str
    is_provisional: bool
    published_at: str
    checks: int
    fingerprint: str
    marts: dict[str, Fingerprint]

    def as_dict(self) -> dict[str, Any]:
        """As JSON values, the deliveries last."""
        inputs = self.inputs.as_dict()
        deliveries = inputs.pop("deliveries")
        return {
            **inputs,
            "as_of_at": self.as_of_at,
            "cutoff_at": self.cutoff_at,
            "known_until_at": self.known_until_at,
            "is_provisional": self.is_provisional,
            "published_at": self.published_at,
            "checks": self.checks,
            "fingerprint": self.fingerprint,
            "marts": {name: str(value) for name, value in sorted(self.marts.items())},
            "deliveries": deliveries,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Publication:
        """Read what `as_dict` gave.

        Raises:
            KeyError: a part is missing.
        """
        return cls(
            inputs=Inputs.from_dict(values),
            as_of_at=values["as_of_at"],
            cutoff_at=values["cutoff_at"],
            known_until_at=values["known_until_at"],
            is_provisional=values["is_provisional"],
            published_at=values["published_at"],
            checks=values["checks"],
            fingerprint=values["fingerprint"],
            marts={name: Fingerprint.parse(text) for name, text in values["marts"].items()},
        )


def last_publication(home: Path) -> Publication | None:
    """The last publication, None before the first one."""
    where = paths(home)
    if not where.published.exists() or not where.serving_database.exists():
        return None
    return Publication.from_dict(json.loads(where.published.read_text(encoding="utf-8")))


def told_last(home: Path) -> Told | None:
    """The last published day-end and the history that was computed with it, None before the first one."""
    last = last_publication(home)
    if last is None:
        return None
    return Told(date.fromisoformat(last.inputs.as_of_date), int(last.inputs.settings["history_days"]))


def publication_of(home: Path, as_of_date: date) -> Publication | None:
    """What was published last for a day-end, None when it never was."""
    path = paths(home).manifests / f"{as_of_date.isoformat()}.json"
    return Publication.from_dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def published_days(home: Path) -> list[str]:
    """Every day-end that was published, ISO, oldest first."""
    return sorted(path.stem for path in paths(home).manifests.glob("*.json"))


def recover(home: Path) -> None:
    """Make published.json agree with the serving file, in case a publication was cut off between the two."""
    where = paths(home)
    if not where.serving_database.exists():
        return
    with duckdb.connect(str(where.serving_database), read_only=True) as con:
        text = con.execute("select manifest from house.publication").fetchone()[0]
    values = json.loads(text)
    if not where.published.exists() or json.loads(where.published.read_text(encoding="utf-8")) != values:
        write_manifest(home, values)


def write_manifest(home: Path, values: dict[str, Any]) -> None:
    """Write the manifest of a day-end and make it the last one."""
    where = paths(home)
    write_json(where.manifests / f"{values['as_of_date']}.json", values)
    write_json(where.published, values)
