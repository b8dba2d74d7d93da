"""Which day-end a run computes, and the settings that decide it: they stand in dbt_project.yml only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import yaml

from orchestration.paths import paths

# Receipts of these kinds prove that deliveries up to their known_at have been looked at.
COUNTING_STATUSES = ("loaded", "repeated", "quarantined")


@dataclass(frozen=True)
class Settings:
    """The vars of the dbt project that shape every day-end."""

    business_timezone: str
    cutoff_hour: int
    history_days: int
    rules_as_of: str = ""

    @classmethod
    def read(cls, project_dir: Path) -> Settings:
        """Read the vars from dbt_project.yml.

        Raises:
            KeyError: a var is missing from the file.
        """
        project = yaml.safe_load((project_dir / "dbt_project.yml").read_text(encoding="utf-8"))
        values: dict[str, Any] = project["vars"]
        return cls(
            business_timezone=str(values["business_timezone"]),
            cutoff_hour=int(values["cutoff_hour"]),
            history_days=int(values["history_days"]),
            rules_as_of=str(values.get("rules_as_of") or ""),
        )


def receipts_glob(home: Path) -> str:
    """The receipts of the lake as a pattern for `read_parquet`."""
    return str(paths(home).receipts / "*" / "*.parquet")


def current_day_end(home: Path, settings: Settings) -> date | None:
    """The last day-end whose cut-off the newest receipt has passed, None for a lake without deliveries.

    The same rule as model int_cleansing__day_ends without var as_of_date; a test holds the two together.

    Args:
        home: LEADHOUSE_HOME with a lake.
        settings: business time zone and cut-off hour (local, 0–23).
    """
    newest = newest_known_at(home)
    if newest is None:
        return None
    local = newest.replace(tzinfo=UTC).astimezone(ZoneInfo(settings.business_timezone))
    # Wall clock arithmetic, as in macro knowledge_date.
    return (local.replace(tzinfo=None) - timedelta(hours=settings.cutoff_hour)).date() - timedelta(days=1)


def newest_known_at(home: Path) -> datetime | None:
    """Up to when (UTC without zone) deliveries have been looked at, None for a lake without deliveries."""
    with duckdb.connect() as con:
        row = con.execute(
            """
            select max(known_at) from read_parquet(?, union_by_name = true, hive_partitioning = false)
            where list_contains(?, status)
            """,
            [receipts_glob(home), list(COUNTING_STATUSES)],
        ).fetchone()
    return row[0] if row else None
