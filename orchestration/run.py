"""The main job, as the command runs it: the assets of the Dagster graph, in this process, under the lock."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from orchestration.house import House
from orchestration.ingestion.run import IngestResult, ensure_lake
from orchestration.lock import HouseIsBusyError, house_lock
from orchestration.notifying.channels import has_addresses
from orchestration.notifying.notify import Notification, notify
from orchestration.paths import paths
from orchestration.preflight import require_preflight
from orchestration.publishing.manifest import Publication, last_publication, recover, told_last
from orchestration.rules.fingerprint import ruleset_hash
from orchestration.warehouse.day_ends import (
    LakeState,
    day_end_to_compute,
    settings_of_day,
    settings_of_range,
)
from orchestration.warehouse.inputs import collect_inputs

if TYPE_CHECKING:
    import dagster as dg


class RunFailedError(Exception):
    """A run stopped before its end; what was published before is still there."""


@dataclass(frozen=True)
class RunResult:
    """What a run did. `reasons` says why it computed; empty: nothing was new and nothing was computed.

    `notification` is what was told of alerts; None when no channel has an address.
    """

    publication: Publication
    ingested: IngestResult
    reasons: list[str] = field(default_factory=list)
    notification: Notification | None = None


def run(
    house: House,
    as_of: date | None = None,
    full: bool = False,
    first: date | None = None,
    only_month_ends: bool = False,
) -> RunResult:
    """Take in deliveries, compute a day-end, publish it and write the report.

    Args:
        house: project, state and connections; told about the progress.
        as_of: the day-end to compute; default the last complete one in the lake.
        full: compute even when nothing is new, and every day-end of the history anew.
        first: compute all day-ends from this one on in one pass, and publish the last; they stay in the marts
            that keep day-ends. Default: as many before as var history_days says.
        only_month_ends: of the range compute only the month-ends and the last history_days.

    Raises:
        HouseIsBusyError: another process is writing.
        PreflightError: mistakes in connections or rules; nothing was started.
        RunFailedError: ingestion, a model, a check or publishing failed; the message says which and where.
    """
    with house_lock(house.home, "leadhouse backfill" if first else "leadhouse run"):
        with house.progress.stage("check") as stage:
            require_preflight(house)
            recover(house.home)
            ensure_lake(house.home)
            stage.result("connections and rules are well formed")
        house.first_day_end, house.only_month_ends = first, only_month_ends
        house.keeps_days = first is None and not full
        result = _Run(house).go(as_of, full, first)
    # Also when nothing was computed: a run that was cut off after publishing told nobody.
    return replace(result, notification=_notify(house)) if has_addresses() else result


def _notify(house: House) -> Notification | None:
    with house.progress.stage("notify") as stage:
        try:
            notification = notify(house.home)
        except HouseIsBusyError:
            stage.result("another process is sending")
            return None
        stage.result(f"{sum(told.sent for told in notification.told)} sent")
    return notification


class _Run:
    def __init__(self, house: House) -> None:
        import dagster as dg

        from orchestration.event_log import instance_reference
        from orchestration.house_resource import fail_orphaned_runs

        # Dagster's own lines would tear the progress bar; they are all in its event log.
        logging.getLogger("dagster").propagate = False
        self.house = house
        folder = paths(house.home).dagster
        folder.mkdir(parents=True, exist_ok=True)
        self.instance = dg.DagsterInstance.from_ref(instance_reference(folder, house.root))
        fail_orphaned_runs(self.instance)

    def go(self, as_of: date | None, full: bool, first: date | None) -> RunResult:
        from orchestration.ingestion.assets import lake

        house = self.house
        with self.instance:
            self._materialize([lake])
            day_end = as_of or day_end_to_compute(LakeState.read(house.home), house.settings)
            if day_end is None:
                raise RunFailedError(
                    "No delivery could be taken in, so there is nothing to compute. "
                    f"Put files where the connections in {house.connections} look for them."
                )
            if first and first > day_end:
                raise RunFailedError(
                    f"The range ends with {day_end}, the last day-end that the deliveries complete; "
                    f"it cannot begin with {first}. Give an earlier --from."
                )
            reasons = self._reasons(day_end, full, first)
            if reasons:
                self._compute(day_end, first or day_end)
        return RunResult(last_publication(house.home), house.ingested, reasons)

    def _reasons(self, day_end: date, full: bool, first: date | None) -> list[str]:
        house = self.house
        last = last_publication(house.home)
        if last is None:
            return ["nothing is published yet"]
        if full:
            return ["--full"]
        rules = ruleset_hash(house.seeds_dir)
        # A day-end of a backfill looks further back than it needs to: no reason to compute it again.
        before = {"history_days": 0, "history_month_ends": 0} | last.inputs.settings
        told = told_last(house.home)
        usual = settings_of_day(house.settings, day_end, told)
        settings = replace(
            usual,
            history_days=max(usual.history_days, int(before["history_days"])),
            history_month_ends=int(before["history_month_ends"]),
        )
        if first:
            settings = settings_of_range(house.settings, first, day_end, house.only_month_ends, told)
        now = collect_inputs(house.root, house.home, settings, day_end, rules)
        reasons = now.differences(last.inputs)
        if not any(paths(house.home).reports.glob("*.html")):
            reasons.append("the report is missing")
        return reasons

    def _compute(self, day_end: date, first: date) -> None:
        with self.house.progress.stage("prepare") as stage:
            self.house.dbt.ensure_manifest()
            from orchestration.definitions import defs
            from orchestration.warehouse.layers import daily_partitions

            stage.result("graph of deliveries, layers and marts")
        partitions = daily_partitions()
        for key in (first.isoformat(), day_end.isoformat()):
            if not partitions.has_partition_key(key):
                oldest, newest = partitions.get_first_partition_key(), partitions.get_last_partition_key()
                raise RunFailedError(
                    f"Day-end {key} is not between {oldest} and {newest}, the business day of today. "
                    "Give another one with --as-of or --from, or set this machine's clock."
                )
        # The lake is filled, and people are told of alerts when the marts and the report are there for good.
        other_steps = {"ingest", "notifying__notifications"}
        assets = [
            asset for asset in defs.assets if getattr(asset, "op", None) and asset.op.name not in other_steps
        ]
        # A range is one build, booked under its last day-end: else Dagster writes an event per model and day.
        self._materialize(assets, day_end.isoformat())

    def _materialize(self, assets: Sequence[dg.AssetsDefinition], partition: str | None = None) -> None:
        import dagster as dg

        from orchestration.house_resource import PROCESS_TAG, held_house

        tags = {PROCESS_TAG: str(os.getpid()), "leadhouse/command": "run"}
        result = dg.materialize(
            assets,
            instance=self.instance,
            resources={"house": held_house(self.house)},
            partition_key=partition,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags=tags,
            raise_on_error=False,
        )
        if not result.success:
            raise RunFailedError(_explanation(result))


def _explanation(result: Any) -> str:
    """The words of the first step that failed: its own when it chose them, else the error's."""
    for event in result.all_events:
        data = event.event_specific_data
        if event.is_step_failure and data.user_failure_data and data.user_failure_data.description:
            return data.user_failure_data.description
        if event.is_step_failure and data.error:
            cause = data.error
            while cause.cause:
                cause = cause.cause
            return f"Step {event.step_key} stopped: {cause.message.strip()}"
    return "The run ended without success and without a reason; see Dagster's log."
