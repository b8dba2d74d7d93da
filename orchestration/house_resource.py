"""The house as a Dagster resource: one per run, with the lock held for as long as the run lasts."""

from __future__ import annotations

import os
from collections.abc import Iterator

import dagster as dg

from orchestration.house import House
from orchestration.lock import house_lock

# A run of the UI or the schedule waits for a command at work; then it fails and names the holder.
WAIT_SECONDS = 1800
PROCESS_TAG = "leadhouse/process"


@dg.resource(description="Project, LEADHOUSE_HOME and its lock; needs the in-process executor.")
def house_resource(context: dg.InitResourceContext) -> Iterator[House]:
    """Yield the house that the environment names, under its lock."""
    house = House.default()
    run_id = context.run_id or ""
    with house_lock(house.home, f"Dagster run {run_id[:8]}", WAIT_SECONDS):
        yield house


def held_house(house: House) -> dg.ResourceDefinition:
    """A house whose lock the caller already holds."""
    return dg.ResourceDefinition.hardcoded_resource(house)


def fail_orphaned_runs(instance: dg.DagsterInstance) -> None:
    """Close the books on runs of the command whose process is gone: they would block Dagster's queue."""
    unfinished = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    for run in instance.get_runs(filters=unfinished):
        process = run.tags.get(PROCESS_TAG)
        if process and not _is_alive(int(process)):
            instance.report_run_failed(run, "The process of this run ended without saying so.")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
