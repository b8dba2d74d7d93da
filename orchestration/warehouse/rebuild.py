"""Building a day-end beside the house: another database, the same lake, nothing published."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from orchestration.paths import paths
from orchestration.progress import Stage
from orchestration.warehouse.dbt import THREADS_VARIABLE, Dbt, environment
from orchestration.warehouse.outcome import BuildOutcome

# The checks ran when the day was published; what is built beside it is compared, not published.
WITHOUT_CHECKS = ("--exclude-resource-type", "test")


class RebuildError(Exception):
    """A model could not be built; the message says which and why."""


def annex(folder: Path, home: Path) -> Path:
    """Make `folder` a LEADHOUSE_HOME of its own that reads the lake of `home`, and return it.

    What an earlier build left in it is removed: it was made from other rules, code or deliveries.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("warehouse.duckdb*"):
        left.unlink()
    lake = folder / "lake"
    if lake.is_symlink():
        lake.unlink()
    lake.symlink_to(paths(home).lake.resolve(), target_is_directory=True)
    return folder


def rebuild(
    dbt: Dbt,
    variables: Mapping[str, Any],
    stage: Stage,
    selection: tuple[str, ...] = (),
    threads: int | None = None,
) -> BuildOutcome:
    """Build models without their tests.

    Args:
        dbt: the launcher, for a home that `annex` made.
        variables: dbt vars, the day-end among them.
        stage: told about the progress.
        selection: dbt arguments; empty builds everything.
        threads: how many models at once; None: LEADHOUSE_THREADS, else by size.

    Raises:
        RebuildError: a model failed.
        DbtFailedError: the project does not parse.
    """
    with environment(**{THREADS_VARIABLE: str(threads)}) if threads else nullcontext():
        events = dbt.stream_build((*WITHOUT_CHECKS, *selection), variables)
        while True:
            try:
                event = next(events)
            except StopIteration as stop:
                outcome: BuildOutcome = stop.value
                break
            name, data = event["info"]["name"], event["data"]
            if name == "LogStartLine":
                stage.total(data["total"])
                stage.step(data["node_info"]["node_name"], advance=0)
            else:
                stage.step()
    if not outcome.is_green:
        raise RebuildError(outcome.explanation())
    stage.result(outcome.counts() or "nothing differs")
    return outcome
