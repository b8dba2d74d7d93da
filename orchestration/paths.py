"""Where things live: the project's own folders and the state under LEADHOUSE_HOME."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "LEADHOUSE_HOME"


def project_root() -> Path:
    """Return the absolute folder that holds `dbt_project/`, `seeds/` and `connections/`."""
    return Path(__file__).resolve().parents[1]


def dbt_project_dir() -> Path:
    """Return the absolute folder of the dbt project."""
    return project_root() / "dbt_project"


def connections_dir() -> Path:
    """Return the absolute folder that `leadhouse run` reads connections from by default."""
    return project_root() / "connections"


@dataclass(frozen=True)
class Paths:
    """The state folders under one home; nothing is created until `make` is called."""

    home: Path

    @property
    def landing(self) -> Path:
        """Delivered files, as they came; never written by Leadhouse except for the demo."""
        return self.home / "landing"

    @property
    def lake(self) -> Path:
        """Root of the raw lake."""
        return self.home / "lake"

    @property
    def raw(self) -> Path:
        """Raw rows: `raw/<feed>/ingest_month=YYYY-MM/<delivery_id>.parquet`."""
        return self.lake / "raw"

    @property
    def receipts(self) -> Path:
        """Receipts: `receipts/ingest_month=YYYY-MM/<run_id>.parquet`."""
        return self.lake / "receipts"

    @property
    def rejects(self) -> Path:
        """Rejected lines: `rejects/ingest_month=YYYY-MM/<delivery_id>.parquet`."""
        return self.lake / "rejects"

    @property
    def held(self) -> Path:
        """Rows of deliveries that were held back whole: `held/<feed>/<delivery_id>.parquet`."""
        return self.lake / "held"

    @property
    def state(self) -> Path:
        """Current version of every key per connection; rebuilt from the lake when stale."""
        return self.lake / "state"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt writes; BI never opens it."""
        return self.home / "warehouse.duckdb"

    @property
    def serving(self) -> Path:
        """Everything that readers may open."""
        return self.home / "serving"

    @property
    def serving_database(self) -> Path:
        """The DuckDB file with the published marts (schema `marts`)."""
        return self.serving / "leadhouse.duckdb"

    @property
    def serving_parquet(self) -> Path:
        """The published marts as Parquet, one file each."""
        return self.serving / "parquet"

    @property
    def published(self) -> Path:
        """JSON that names the last published day-end: `{"known_until_at": "..."}`."""
        return self.serving / "published.json"

    @property
    def manifests(self) -> Path:
        """One JSON per published day-end: what it was made from, and the fingerprints of its marts."""
        return self.serving / "manifests"

    @property
    def archived_rules(self) -> Path:
        """The rules of each published ruleset: `<hash>.parquet` and, as files, `<hash>.files.parquet`."""
        return self.serving / "rules"

    @property
    def replays(self) -> Path:
        """Day-ends that were built again: `replay/<as_of_date>/warehouse.duckdb`."""
        return self.home / "replay"

    @property
    def impact(self) -> Path:
        """Pages that show what a change of the rules or models does."""
        return self.home / "impact"

    @property
    def reports(self) -> Path:
        """Self-contained HTML reports."""
        return self.serving / "reports"

    @property
    def exports(self) -> Path:
        """Files for other systems."""
        return self.home / "exports"

    @property
    def outbox(self) -> Path:
        """What was told to whom about which alert: never told twice because it is written here."""
        return self.home / "outbox"

    @property
    def dagster(self) -> Path:
        """Dagster's storage and logs."""
        return self.home / "dagster"

    @property
    def temporary(self) -> Path:
        """Scratch files of a running process; safe to delete when nothing runs."""
        return self.home / "tmp"

    def make(self) -> Paths:
        """Create the folders that other parts expect to exist and return self."""
        for folder in (self.landing, self.lake, self.serving, self.temporary):
            folder.mkdir(parents=True, exist_ok=True)
        return self


def paths(home: Path | str | None = None) -> Paths:
    """Return the state folders.

    Args:
        home: root of the state; default is the environment variable LEADHOUSE_HOME, else `<project>/var`.
    """
    chosen = home or os.environ.get(HOME_VARIABLE) or project_root() / "var"
    return Paths(Path(chosen).expanduser().resolve())
