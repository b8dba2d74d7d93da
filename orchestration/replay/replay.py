"""Replay: build a published day-end again from the lake, beside the house, and say whether it is the same."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.comparison.compare import Side, compare
from orchestration.house import House
from orchestration.lock import house_lock
from orchestration.paths import paths
from orchestration.preflight import require_rules
from orchestration.publishing.manifest import Publication, publication_of, published_days
from orchestration.replay.differences import Difference, input_differences
from orchestration.rules.archive import restore_files
from orchestration.rules.fingerprint import ruleset_hash
from orchestration.warehouse.dbt import Dbt
from orchestration.warehouse.fingerprints import Fingerprint, combined, day_end_fingerprints
from orchestration.warehouse.inputs import Inputs, code_hash, collect_inputs
from orchestration.warehouse.rebuild import annex, rebuild
from orchestration.warehouse.records import hand_over_records
from orchestration.warehouse.storage import write_json

MOVERS = 10
RECORD = "replay.json"


class ReplayError(Exception):
    """The day-end cannot be replayed; the message says why and what to do."""


@dataclass(frozen=True)
class WhatIf:
    """What the day-end would have been with the rules of another date.

    `totals` counts leads by what differs in them, `bands` and `levels` by the step they take; `movers` are
    the leads that move most. `leads_file` has every lead that differs.
    """

    rules_as_of: date
    totals: dict[str, Any]
    bands: list[dict[str, Any]]
    levels: list[dict[str, Any]]
    movers: list[dict[str, Any]]
    leads_file: Path


@dataclass(frozen=True)
class Replay:
    """A day-end that was built again, and how it compares with what was published.

    `marts` names those whose fingerprint differs, with what was published and what came out now.
    """

    published: Publication
    database: Path
    fingerprint: str
    differences: list[Difference]
    marts: dict[str, tuple[Fingerprint | None, Fingerprint | None]]
    what_if: WhatIf | None = None

    @property
    def is_equal(self) -> bool:
        """True when every mart came out as it was published."""
        return not self.marts


def replay(
    house: House,
    as_of: date,
    rules_as_of: date | None = None,
    threads: int | None = None,
    published_rules: bool = False,
) -> Replay:
    """Build a published day-end again into `LEADHOUSE_HOME/replay/<as_of>/warehouse.duckdb`.

    Nothing in the warehouse, the lake or the serving folder is touched, so that a run may go on beside it.

    Args:
        house: project, state and rules.
        as_of: a published day-end.
        rules_as_of: also build the day with the rules in force on this date, and compare the two.
        threads: how many models at once; None: LEADHOUSE_THREADS, else by size.
        published_rules: take the rules that were archived with the day instead of the present ones.

    Raises:
        PreflightError: there are mistakes in the rules.
        ReplayError: the day was never published.
        NoArchiveError: the rules of the day were not archived.
        HouseIsBusyError: the same day is being replayed already.
        RebuildError, DbtFailedError: a model could not be built.
    """
    published = publication_of(house.home, as_of)
    if published is None:
        days = published_days(house.home)
        known = f"Published are {', '.join(days[-5:])}" if days else "Nothing is published yet"
        raise ReplayError(f"Day-end {as_of} was never published, so there is nothing to replay. {known}.")
    folder = paths(house.home).replays / as_of.isoformat()
    with house_lock(folder, f"leadhouse replay --as-of {as_of}"):
        # Own rules are laid over in the replay's folder: a run beside it may be reading the house's.
        beside = replace(house, home=folder)
        require_rules(beside)
        seeds = beside.seeds_dir
        if published_rules:
            archive, files = paths(house.home).archived_rules, folder / "rules"
            shutil.rmtree(files, ignore_errors=True)
            seeds = restore_files(archive, published.inputs.ruleset_hash, files)
        plain = _Day(house, folder, seeds, published, threads)
        with house.progress.stage("replay") as stage:
            marts = plain.build(stage)
        differing = _differing(published.marts, marts)
        differences = input_differences(house.home, published, plain.inputs, plain.database)
        result = Replay(published, plain.database, combined(marts), differences, differing)
        if rules_as_of is None:
            return result
        other = _Day(house, folder / f"rules-{rules_as_of}", seeds, published, threads, rules_as_of)
        with house.progress.stage("what if") as stage:
            other.build(stage)
        leads_file = other.folder / "changed_leads.parquet"
        return replace(result, what_if=_what_if(plain.database, other.database, rules_as_of, leads_file))


@dataclass(frozen=True)
class PastDay:
    """All marts of a published day-end, for reading; those in `differing` did not come out as published."""

    database: Path
    differing: tuple[str, ...] = ()


def past_day(house: House, as_of: date) -> PastDay:
    """Return a database with all marts of a published day-end.

    What an earlier replay left is taken when it came out as published and the code is the same; else the day
    is replayed with the rules that were archived with it.

    Raises:
        as `replay` does.
    """
    published = publication_of(house.home, as_of)
    folder = paths(house.home).replays / as_of.isoformat()
    record, database = folder / RECORD, paths(folder).warehouse
    if published and record.exists() and database.exists():
        left = json.loads(record.read_text(encoding="utf-8"))
        if left["fingerprint"] == published.fingerprint and left["code_hash"] == code_hash(house.root):
            return PastDay(database)
    again = replay(house, as_of, published_rules=True)
    return PastDay(again.database, tuple(again.marts))


class _Day:
    """One build of one day-end in a folder of its own."""

    def __init__(
        self,
        house: House,
        folder: Path,
        seeds: Path,
        published: Publication,
        threads: int | None,
        rules_as_of: date | None = None,
    ) -> None:
        self.folder = annex(folder, house.home)
        self.serving = paths(house.home).serving_database
        self.database = paths(self.folder).warehouse
        self.as_of = published.inputs.as_of_date
        self.threads = threads
        self.dbt = Dbt(house.project_dir, self.folder, seeds)
        # How far back a build looked is part of the day; everything else is what the project says today.
        history_days = int(published.inputs.settings["history_days"])
        settings = replace(
            house.settings,
            history_days=history_days,
            history_month_ends=int(published.inputs.settings.get("history_month_ends", 0)),
        )
        if rules_as_of:
            settings = replace(settings, rules_as_of=rules_as_of.isoformat())
        self.settings = settings
        day = date.fromisoformat(self.as_of)
        self.inputs: Inputs = collect_inputs(house.root, house.home, settings, day, ruleset_hash(seeds))

    def build(self, stage: Any) -> dict[str, Fingerprint]:
        """Build all models and return the fingerprints of the marts."""
        variables = {
            "as_of_date": self.as_of,
            "history_days": self.settings.history_days,
            "history_month_ends": self.settings.history_month_ends,
            "rules_as_of": self.settings.rules_as_of,
        }
        # What was published of the days before is an input of the day, as it was when the day was published.
        hand_over_records(self.serving, self.database, date.fromisoformat(self.as_of))
        rebuild(self.dbt, variables, stage, threads=self.threads)
        with duckdb.connect(str(self.database), read_only=True) as con:
            con.execute("set TimeZone = 'UTC'")
            marts = day_end_fingerprints(con, self.as_of)
        record = {
            **self.inputs.as_dict(),
            "fingerprint": combined(marts),
            "marts": {name: str(value) for name, value in sorted(marts.items())},
        }
        write_json(self.folder / RECORD, record)
        return marts


def _differing(
    before: dict[str, Fingerprint], now: dict[str, Fingerprint]
) -> dict[str, tuple[Fingerprint | None, Fingerprint | None]]:
    names = sorted(before.keys() | now.keys())
    return {name: (before.get(name), now.get(name)) for name in names if before.get(name) != now.get(name)}


def _what_if(before: Path, after: Path, rules_as_of: date, leads_file: Path) -> WhatIf:
    with compare(Side(before), Side(after)) as comparison:
        comparison.write("changed_leads", leads_file)
        return WhatIf(
            rules_as_of=rules_as_of,
            totals=comparison.row("totals"),
            bands=comparison.rows("moves", what="band"),
            levels=comparison.rows("moves", what="level"),
            movers=comparison.rows("movers", movers=MOVERS),
            leads_file=leads_file,
        )
