"""What all commands share: the console, how one stops, and options that several of them have."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

FAILED = 1

Rules = Annotated[
    Path | None,
    typer.Option(
        help="Folder of own rule files, laid over the default ones. Default: LEADHOUSE_RULES, else none.",
        show_default=False,
    ),
]


def make_console() -> Console:
    """The console of a terminal; of fixed width in logs and pipes."""
    # Logs and pipes have no width; tables must not be folded to 80 columns there.
    return Console() if sys.stdout.isatty() else Console(width=160, force_terminal=False)


def stop(console: Console, message: str, code: int = FAILED) -> NoReturn:
    """Say why a command ends without success, and end it.

    Raises:
        typer.Exit: with the exit status `code`.
    """
    console.print(message, style="bold red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
