"""Progress of a long run: a moving bar on a terminal, one line per stage everywhere else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)


class Stage:
    """One stage of a run while it is going on."""

    def total(self, steps: int) -> None:
        """Say how many steps the stage has, once that is known."""

    def step(self, note: str = "", advance: int = 1) -> None:
        """Tell what is being done; `advance` steps are over."""

    def result(self, text: str) -> None:
        """Say what came out, shown when the stage ends."""


class Silent:
    """Tells nobody: the default in Dagster, which has its own log."""

    @contextmanager
    def stage(self, title: str) -> Iterator[Stage]:
        """Begin a stage; it ends with the with-block."""
        yield Stage()


class OnConsole(Silent):
    """Tells a person at a terminal, or a log file."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @contextmanager
    def stage(self, title: str) -> Iterator[Stage]:
        """Begin a stage; it ends with the with-block."""
        started, mark = time.monotonic(), "[red]✗[/]"
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.fields[title]:<12}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.description}"),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        ) as progress:
            stage = _ConsoleStage(progress, progress.add_task("", total=None, title=title))
            try:
                yield stage
                mark = "[green]✓[/]"
            finally:
                progress.stop()
                seconds = f"[dim]{time.monotonic() - started:.1f} s[/]"
                self.console.print(f"{mark} {title:<12} {stage.text}  {seconds}", highlight=False)


class _ConsoleStage(Stage):
    def __init__(self, progress: Progress, task: object) -> None:
        self.progress = progress
        self.task = task
        self.text = ""

    def total(self, steps: int) -> None:
        self.progress.update(self.task, total=steps)

    def step(self, note: str = "", advance: int = 1) -> None:
        self.progress.update(self.task, advance=advance, description=note)

    def result(self, text: str) -> None:
        self.text = text
