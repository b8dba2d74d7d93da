"""The one launcher of dbt: absolute folders, artifacts under LEADHOUSE_HOME, in this process.

dbt's own runner is used instead of a child process: an interrupted run leaves no orphan that holds the
warehouse, the parsed project is kept between parse and build, and `--vars` needs no second parse.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from orchestration.warehouse.outcome import BuildOutcome, outcome_of

# Unit tests examine the code, not the data: `make test` runs them, a production build does not.
NOT_IN_A_RUN = ("--exclude-resource-type", "unit_test")

# The manifest is that of the parse and the outcome is read from dbt's result: writing both again costs 2 s.
NO_ARTIFACTS = ("--no-write-json",)

THREADS_VARIABLE = "LEADHOUSE_THREADS"
# A lake of so many bytes (some 40 000 leads) keeps all cores busy with one model. Two more beside it gain a
# tenth of the time, but share the engine's memory: at 100 000 leads three models that fit into 4 GB one by
# one did not fit together.
LARGE_LAKE_BYTES = 100_000_000

# What a build tells about its nodes while it runs.
TOLD = frozenset(
    {
        "LogStartLine",
        "LogSeedResult",
        "LogModelResult",
        "LogSnapshotResult",
        "LogTestResult",
        "SkippingDetails",
    }
)


class DbtFailedError(Exception):
    """dbt could not even start to build: the project or the profile does not parse."""


class Dbt:
    """dbt for one project and one LEADHOUSE_HOME.

    Args:
        project_dir: folder with dbt_project.yml and profiles.yml.
        home: LEADHOUSE_HOME; the target and log folders are `home/dbt/target` and `home/dbt/logs`.
        seeds_dir: folder of the rules; default `seeds` beside the project.
        profiles_dir: folder of profiles.yml; default the project's.
    """

    def __init__(
        self, project_dir: Path, home: Path, seeds_dir: Path | None = None, profiles_dir: Path | None = None
    ) -> None:
        self.project_dir = project_dir.resolve()
        self.profiles_dir = (profiles_dir or project_dir).resolve()
        self.home = home.resolve()
        self.seeds_dir = (seeds_dir or self.project_dir.parent / "seeds").resolve()
        self.target_dir = self.home / "dbt" / "target"
        self.log_dir = self.home / "dbt" / "logs"
        self.manifest_path = self.target_dir / "manifest.json"
        self._parsed: Any = None

    def ensure_manifest(self) -> Path:
        """Return the path of an up-to-date manifest.json; parse only when a file of the project has changed.

        Raises:
            DbtFailedError: the project does not parse.
        """
        stamp_path = self.target_dir / "manifest.stamp"
        stamp = self._project_stamp()
        current = stamp_path.read_text(encoding="utf-8") if stamp_path.exists() else ""
        if current != stamp or not self.manifest_path.exists():
            self._parse()
            stamp_path.write_text(stamp, encoding="utf-8")
        return self.manifest_path

    def stream_build(
        self, selection: Iterable[str] = (), variables: Mapping[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Run `dbt build`, yielding dbt's events as dictionaries while it runs; returns a `BuildOutcome`.

        Args:
            selection: dbt arguments such as `--select …`; empty builds everything.
            variables: dbt vars of this build.

        Raises:
            DbtFailedError: nothing was built because the project does not parse.
        """
        from dbt_common.events.functions import msg_to_dict

        queue: SimpleQueue[dict[str, Any] | BaseException | BuildOutcome] = SimpleQueue()

        def on_event(message: Any) -> None:
            if message.info.name in TOLD:
                queue.put(msg_to_dict(message))

        def work() -> None:
            try:
                self._parse()
                arguments = ["build", *NOT_IN_A_RUN, *NO_ARTIFACTS, *self._one_by_one(), *selection]
                if variables:
                    arguments += ["--vars", json.dumps(dict(variables))]
                result = self._invoke(arguments, on_event)
                if result.result is None:
                    raise DbtFailedError(_plain(result.exception))
                queue.put(outcome_of(result.result))
            except BaseException as error:
                queue.put(error)

        # A daemon: Ctrl-C in the main thread ends the process without waiting for the running query.
        threading.Thread(target=work, name="dbt", daemon=True).start()
        while True:
            item = queue.get()
            if isinstance(item, BaseException):
                raise item
            if isinstance(item, BuildOutcome):
                return item
            yield item

    def build(
        self, selection: Iterable[str] = (), variables: Mapping[str, Any] | None = None
    ) -> BuildOutcome:
        """Run `dbt build` to its end; arguments and errors as in `stream_build`."""
        events = self.stream_build(selection, variables)
        while True:
            try:
                next(events)
            except StopIteration as stop:
                return stop.value

    def _parse(self) -> None:
        if self._parsed is None:
            with no_garbage():
                result = self._invoke(["parse"])
            if not result.success:
                raise DbtFailedError(_plain(result.exception))
            self._parsed = result.result

    def _one_by_one(self) -> tuple[str, ...]:
        """One model at a time in a large house, unless somebody says how many; else what the profile says."""
        if os.environ.get(THREADS_VARIABLE):
            return ()
        lake = (self.home / "lake").resolve()
        size = sum(path.stat().st_size for path in lake.rglob("*.parquet"))
        return ("--threads", "1") if size >= LARGE_LAKE_BYTES else ()

    def _invoke(self, arguments: list[str], on_event: Any = None) -> Any:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        folders = {
            "--project-dir": self.project_dir,
            "--profiles-dir": self.profiles_dir,
            "--target-path": self.target_dir,
            "--log-path": self.log_dir,
        }
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        # The callback carries what is wanted; a log file would cost a tenth of the build (measured).
        quiet = ["--log-level", "none", "--log-level-file", "none", "--no-print"]
        command, *rest = arguments
        where = [text for option, folder in folders.items() for text in (option, str(folder))]
        # dbt takes seed folders only relative to the project.
        seeds = os.path.relpath(self.seeds_dir, self.project_dir)
        with environment(LEADHOUSE_HOME=str(self.home), LEADHOUSE_SEEDS=seeds), only_what_is_told():
            try:
                runner = dbtRunner(manifest=self._parsed, callbacks=[on_event] if on_event else [])
                return runner.invoke([*quiet, command, *where, *rest])
            finally:
                # dbt-duckdb keeps the file open, which would shut out the publisher and everybody else.
                DuckDBConnectionManager.close_all_connections()

    def _project_stamp(self) -> str:
        """What dbt parses: names, sizes and times of the project's files and of the seeds beside it."""
        folders = [self.project_dir / "models", self.project_dir / "macros", self.project_dir / "tests"]
        files = [self.project_dir / "dbt_project.yml", self.project_dir / "profiles.yml"]
        for folder in [*folders, self.seeds_dir]:
            files += [path for path in folder.rglob("*") if path.is_file()]
        lines = [str(self.home)]
        for path in sorted(files):
            status = path.stat()
            lines.append(f"{path} {status.st_size} {status.st_mtime_ns}")
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Set environment variables for the time of a with-block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def no_garbage() -> Iterator[None]:
    """Take what is made in a with-block for good.

    A parsed project is a million objects that stay. Python looked through them for garbage again and again:
    a quarter of a first parse, and two seconds in which every thread of a build stood still.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@contextmanager
def only_what_is_told() -> Iterator[None]:
    """Let dbt drop its debug events unwritten for the time of a with-block.

    dbt words some 25 of them for each node, each with its SQL, also when nobody listens; this took a tenth
    of the Python of a build (py-spy). Warnings and errors are handled as ever.
    """
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.event_manager_client import ctx_set_event_manager, get_event_manager

    class OnlyWhatIsTold(EventManager):
        def fire_event(self, e: Any, level: Any = None, *arguments: Any, **options: Any) -> None:
            if type(e).__name__ in TOLD or (level or e.level_tag()) != EventLevel.DEBUG:
                super().fire_event(e, level, *arguments, **options)

    before = get_event_manager()
    ctx_set_event_manager(OnlyWhatIsTold())
    try:
        yield
    finally:
        ctx_set_event_manager(before)


def _plain(error: BaseException | None) -> str:
    return " ".join(str(error or "dbt ended without a reason").split())
