"""Which day-end a run computes, and the settings that decide it: they stand in dbt_project.yml only."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    history_month_ends: int = 0
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
            history_month_ends=int(values["history_month_ends"]),
            rules_as_of=str(values.get("rules_as_of") or ""),
        )


@dataclass(frozen=True)
class Told:
    """The day-end that was published last, and how many day-ends before it were computed with it."""

    as_of: date
    history_days: int


def settings_of_day(settings: Settings, day: date, told: Told | None) -> Settings:
    """The settings with which a run computes one day-end.

    In a house whose first day-end was computed with less than the usual history, the history grows with each
    day until it is whole: no run looks at day-ends from before the record began.

    Args:
        settings: those of the project.
        day: the day-end.
        told: what was published last; None: nothing yet.
    """
    if told is None or told.history_days >= settings.history_days:
        return settings
    began = told.as_of - timedelta(days=told.history_days)
    return replace(settings, history_days=min(settings.history_days, max((day - began).days, 0)))


def settings_of_range(
    settings: Settings, first: date, last: date, only_month_ends: bool, told: Told | None
) -> Settings:
    """The settings with which one build of `last` computes the day-ends from `first` on.

    Args:
        settings: those of the project.
        first: the first day-end wanted. In a house that published nothing yet the record begins with it;
            else at least the usual history is computed.
        last: the last one.
        only_month_ends: before the last history_days, only the ends of months.
        told: what was published last; None: nothing yet.
    """
    usual = settings_of_day(settings, last, told)
    if not only_month_ends:
        return replace(usual, history_days=max(usual.history_days if told else 0, (last - first).days))
    earlier = last - timedelta(days=usual.history_days + 1)
    return replace(usual, history_month_ends=max(month_ends_between(first, earlier), 0))


def month_ends_between(first: date, last: date) -> int:
    """How many months end on a day from `first` to `last`, both included."""
    after = last + timedelta(days=1)
    return (after.year - first.year) * 12 + after.month - first.month


def receipts_glob(home: Path) -> str:
    """The receipts of the lake as a pattern for `read_parquet`."""
    return str(paths(home).receipts / "*" / "*.parquet")


@dataclass(frozen=True)
class LakeState:
    """Up to when deliveries were looked at, and since when there are any; UTC without zone, None if none."""

    newest_known_at: datetime | None
    oldest_known_at: datetime | None

    @classmethod
    def read(cls, home: Path) -> LakeState:
        """Read the receipts of the lake under LEADHOUSE_HOME."""
        with duckdb.connect() as con:
            row = con.execute(
                """
                select max(known_at), min(known_at) filter (where status = 'loaded')
                from read_parquet(?, union_by_name = true, hive_partitioning = false)
                where list_contains(?, status)
                """,
                [receipts_glob(home), list(COUNTING_STATUSES)],
            ).fetchone()
        return cls(*row)


def knowledge_date(known_at: datetime, settings: Settings) -> date:
    """The first day-end that sees what became known at an instant, UTC without zone; macro knowledge_date."""
    local = known_at.replace(tzinfo=UTC).astimezone(ZoneInfo(settings.business_timezone))
    return (local.replace(tzinfo=None) - timedelta(hours=settings.cutoff_hour)).date()


def last_complete_day_end(lake: LakeState, settings: Settings) -> date | None:
    """The last day-end whose cut-off the newest receipt has passed, None for a lake without deliveries.

    The same rule as model int_cleansing__day_ends without var as_of_date; a test holds the two together.
    """
    newest = lake.newest_known_at
    return knowledge_date(newest, settings) - timedelta(days=1) if newest else None


def day_end_to_compute(lake: LakeState, settings: Settings) -> date | None:
    """The last complete day-end or, on the first day of a new house, today's provisional one."""
    complete = last_complete_day_end(lake, settings)
    if complete is None or lake.oldest_known_at is None:
        return complete
    return max(complete, knowledge_date(lake.oldest_known_at, settings))
