"""`leadhouse rules export` and `leadhouse rules import`: the rules on their way to a spreadsheet and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.terminal import Rules, make_console, stop

app = typer.Typer(
    help="Take the rules to Excel or WPS and back.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Files = Annotated[
    list[str] | None,
    typer.Option(
        "--file", help="Only this rule file, such as scoring__fit. May be repeated.", show_default=False
    ),
]


@app.command("export")
def export_rules(
    target: Annotated[
        Path,
        typer.Argument(metavar="FILE.xlsx", help="A workbook; or a folder, for CSV files that Excel opens."),
    ],
    file: Files = None,
    rules: Rules = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write the rules for a spreadsheet: a sheet per rule file, drop-downs, explanations, every version."""
    from orchestration.rules.spreadsheet import SpreadsheetError
    from orchestration.rules.workbook import write_csv_files, write_workbook

    console = make_console()
    try:
        house, files = _load(rules)
        chosen = [files[name] for name in _chosen(files, file)] if file else list(files.values())
        today = _today(house)
        if target.suffix.lower() == ".xlsx":
            _keep(target, force)
            target.parent.mkdir(parents=True, exist_ok=True)
            write_workbook(target, chosen, house.seeds_dir, today)
        elif target.suffix:
            stop(console, f"{target} ends neither in .xlsx nor names a folder (for CSV files).")
        else:
            for found in chosen:
                _keep(target / f"{found.name}.csv", force)
            write_csv_files(target, chosen, today)
    except SpreadsheetError as error:
        stop(console, str(error))
    except OSError as error:
        stop(console, f"Cannot write {target}: {error.strerror or error}. Is it open in a spreadsheet?")
    rows = sum(len(found.rows) for found in chosen)
    console.print(f"[green]✓[/] {rows} rows of {len(chosen)} rule files in ", Text(str(target)), sep="")


@app.command("import")
def import_rules(
    source: Annotated[
        Path,
        typer.Argument(metavar="FILE.xlsx", help="The workbook; or a CSV file, or a folder of either."),
    ],
    file: Files = None,
    rules: Rules = None,
    write: Annotated[
        bool, typer.Option("--write", help="Change the rule files. Without it: only look.")
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Turn changed rows that are in force into new versions from this day on.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Compare a spreadsheet with the rules and show the difference; with --write, take it over.

    Ends with 0 when everything is understood, 1 when a cell is refused or the rules would have a mistake.
    Nothing is written then. Rules that are missing in the spreadsheet are named and stay.
    """
    from orchestration.rules.round_trip import Calendar, plan_import
    from orchestration.rules.spreadsheet import SpreadsheetError, read_incoming
    from orchestration.rules.write_back import prepare, publish

    console = make_console()
    try:
        house, files = _load(rules)
        incoming = read_incoming(source, files, _chosen(files, file))
        calendar = Calendar(_today(house), _published_until(house), as_of.date() if as_of else None)
        plan = plan_import(files, incoming, calendar)
        prepared = None
        if plan.edits:
            # The validator also looks when cells were refused: the person mends everything in one go.
            prepared = prepare(plan, files, house.root / "seeds", house.rules)
            plan.refusals += prepared.refusals
        _show(console, plan, incoming, house)
        if plan.refusals:
            count = len(plan.refusals)
            stop(console, f"{count} to mend in the spreadsheet; nothing was written.")
        if prepared is None:
            console.print(f"[green]✓[/] {plan.rows} rows read, no difference. Nothing to write.")
        elif not write:
            changed = ", ".join(sorted(path.name for path in prepared.files))
            console.print(
                f"[green]✓[/] The result passes the check. With --write these change: {changed}",
                soft_wrap=True,
            )
        else:
            for path in publish(prepared):
                console.print("[green]✓[/] written: ", Text(str(path)), sep="", soft_wrap=True)
    except SpreadsheetError as error:
        stop(console, str(error))


def _load(rules: Path | None):
    from orchestration.house import House
    from orchestration.rules.files import load_rule_files
    from orchestration.rules.overlay import OverlayError
    from orchestration.rules.spreadsheet import SpreadsheetError

    house = House.default(rules=rules)
    try:
        files, problems = load_rule_files(house.seeds_dir)
    except (OverlayError, FileNotFoundError) as error:
        raise SpreadsheetError(str(error)) from None
    if problems:
        raise SpreadsheetError(
            "\n".join(map(str, problems)) + "\nMend the rule files first: leadhouse check."
        )
    return house, files


def _chosen(files: Iterable[str], wanted: list[str] | None) -> list[str]:
    from orchestration.ingestion.problems import did_you_mean
    from orchestration.rules.spreadsheet import SpreadsheetError

    names = []
    for text in wanted or []:
        stem = text.removesuffix(".csv")
        name = stem if stem in files else f"rule_{stem}"
        if name not in files:
            hint = did_you_mean(stem, files) or "docs/rules.md lists the files."
            raise SpreadsheetError(f"There is no rule file '{text}'. {hint}")
        names.append(name)
    return names


def _keep(path: Path, force: bool) -> None:
    from orchestration.rules.spreadsheet import SpreadsheetError

    if path.exists() and not force:
        raise SpreadsheetError(
            f"{path} is there already, perhaps with somebody's work in it. Replace it with --force."
        )


def _today(house) -> date:
    return datetime.now(ZoneInfo(house.settings.business_timezone)).date()


def _published_until(house) -> date | None:
    """The last day-end that was ever published here; an older one may have been published again since."""
    from orchestration.paths import paths

    serving = paths(house.home).serving
    days = [path.stem for path in (serving / "manifests").glob("*.json")]
    if paths(house.home).published.exists():
        days.append(json.loads(paths(house.home).published.read_text(encoding="utf-8"))["as_of_date"])
    return date.fromisoformat(max(days)) if days else None


def _show(console: Console, plan, incoming, house) -> None:
    from orchestration.rules.fingerprint import ruleset_hash

    if incoming.ruleset and incoming.ruleset != ruleset_hash(house.seeds_dir):
        _warn(
            console,
            "The workbook was exported from other rules than the present ones: what looks like a change may "
            "be the older state of something that somebody changed meanwhile.",
        )
    for name, encoding in incoming.encodings.items():
        if encoding != "utf-8":
            _warn(console, f"{name} is written in {encoding.upper()} and was read so.")
    _read_as(console, plan.read_as)
    _table(
        console,
        "Changed cells",
        ("file", "rule", "column", "rules say", "sheet says", "where", ""),
        [
            (c.file, c.rule, c.column, c.before or "(empty)", c.after or "(empty)", c.place,
             f"new version from {c.as_version}" if c.as_version else "in place")
            for c in plan.changes
        ],
    )  # fmt: skip
    _table(
        console,
        "New rows",
        ("file", "rule", "label", "what", "where"),
        [(n.file, n.rule, n.cells.get("label_zh", ""), _payload(n), n.place) for n in plan.additions],
    )
    for name, missing in plan.missing.items():
        listed = ", ".join(missing[:10]) + (f" and {len(missing) - 10} more" if len(missing) > 10 else "")
        remedy = "They stay: a rule ends with a row whose status is retired."
        _warn(
            console,
            f"{name}: {len(missing)} row{'s are' if len(missing) > 1 else ' is'} not in the sheet: {listed}. "
            + remedy,
        )
    for note in plan.notes:
        _warn(console, note)
    _table(
        console,
        "Refused",
        ("where", "rule", "column", "problem", "what to do"),
        [(r.place, r.rule, r.column, r.problem, r.remedy) for r in plan.refusals],
        "bold red",
    )


def _payload(row) -> str:
    skipped = ("label_zh", "label_en", "owner", "why", "reference", "comment", "valid_from", "status")
    shown = [f"{name} {text}" for name, text in list(row.cells.items())[1:] if text and name not in skipped]
    return ", ".join(shown)


def _read_as(console: Console, found) -> None:
    """Show odd spellings; many of a kind in one column are one line."""
    kinds: dict[tuple[str, str, str], list] = {}
    for read in found:
        kinds.setdefault((read.file, read.column, read.said), []).append(read)
    rows = [
        (file, column, said, first.shown, first.text, first.place, f"{len(reads)}×" if len(reads) > 1 else "")
        for (file, column, said), reads in kinds.items()
        for first in reads[:1]
    ]
    _table(
        console,
        "Read as",
        ("file", "column", "found", "such as", "read as", "where", "cells"),
        rows,
        "bold yellow",
    )


def _table(
    console: Console, title: str, header: tuple[str, ...], rows: list[tuple[str, ...]], style: str = "bold"
) -> None:
    if not rows:
        return
    table = Table(
        title=f"{title} ({len(rows)})",
        title_justify="left",
        title_style=style,
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _warn(console: Console, text: str) -> None:
    console.print(f"! {text}", style="yellow", markup=False, highlight=False, soft_wrap=True)
