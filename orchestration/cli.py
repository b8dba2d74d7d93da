"""The `leadhouse` command."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from orchestration.rules.commands import app as rules_app
from orchestration.terminal import FAILED, Rules, make_console, stop

app = typer.Typer(
    help="Lead quality and maturity: from deliveries to published marts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(rules_app, name="rules")

PARTLY_FAILED, BUSY, INTERRUPTED = 3, 4, 130
# Of `replay` alone, which writes nothing that others write and so is never kept waiting by them.
DIFFERS = 4

Connections = Annotated[
    Path | None,
    typer.Option(
        help="Folder of connection files, or one file. Default: LEADHOUSE_CONNECTIONS, else the demo's.",
        show_default=False,
    ),
]

Threads = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Models built at once. Default: LEADHOUSE_THREADS, else 3; 1 in a large house.",
        show_default=False,
    ),
]


def main() -> None:
    """Run the command; Ctrl-C ends it at once and leaves the published marts as they were."""
    try:
        app()
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as end:
        # Typer makes this of a Ctrl-C.
        if end.code == INTERRUPTED:
            _interrupted()
        raise


def _interrupted() -> None:
    print("Interrupted. What was published before is still there.", file=sys.stderr)
    sys.stderr.flush()
    # A query of dbt may still be running in its thread; nothing of it is kept.
    os._exit(INTERRUPTED)


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="The same seed gives the same company, bit for bit.")] = 7,
    leads: Annotated[int, typer.Option(min=100, help="Leads of the company.")] = 2000,
    months: Annotated[int, typer.Option(min=3, max=24, help="Months of its history.")] = 12,
) -> None:
    """Write the deliveries of a demo company into LEADHOUSE_HOME/landing."""
    from orchestration.deliver_demo import deliver_demo
    from orchestration.lock import HouseIsBusyError, house_lock
    from orchestration.paths import paths
    from orchestration.progress import OnConsole

    console = make_console()
    where = paths()
    try:
        with house_lock(where.home, "leadhouse demo"), OnConsole(console).stage("demo") as stage:
            deliver_demo(where.landing, seed, leads, months, stage)
    except ValueError as error:
        stop(console, str(error))
    except HouseIsBusyError as error:
        stop(console, str(error), BUSY)


@app.command()
def run(
    connections: Connections = None,
    rules: Rules = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The day-end to compute. Default: the last one that the newest delivery completes.",
            show_default=False,
        ),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Compute all days, also when nothing is new.")] = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="End with 3 when a delivery could not be read or an alert could not be sent."
        ),
    ] = False,
) -> None:
    """Take in deliveries, compute a day-end, publish its marts and write the report.

    Ends with 0 when the marts are published, 1 when something failed and the marts of before are still there,
    4 when another process is writing. A delivery that cannot be read is named and never stops the others.
    """
    _run(connections, rules, as_of, strict=strict, full=full)


@app.command()
def backfill(
    first: Annotated[
        datetime,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day-end of the range."),
    ],
    month_ends: Annotated[
        bool,
        typer.Option(
            "--month-ends", help="Of the range only the month-ends and the last week: a year in little time."
        ),
    ] = False,
    connections: Connections = None,
    rules: Rules = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The last day-end. Default: the last one that the newest delivery completes.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Compute a range of day-ends in one pass, publish the last of them and write the report.

    The others are in the marts that keep day-ends, such as rpt_quality_daily. Ends as `run` does.
    """
    _run(connections, rules, as_of, first=first, month_ends=month_ends)


def _run(
    connections: Path | None,
    rules: Path | None,
    as_of: datetime | None,
    full: bool = False,
    strict: bool = False,
    first: datetime | None = None,
    month_ends: bool = False,
) -> None:
    from orchestration.house import House
    from orchestration.lock import HouseIsBusyError
    from orchestration.preflight import PreflightError
    from orchestration.progress import OnConsole
    from orchestration.run import RunFailedError
    from orchestration.run import run as run_house

    console = make_console()
    house = House.default(connections, OnConsole(console), rules)
    try:
        days = [moment.date() if moment else None for moment in (as_of, first)]
        result = run_house(house, days[0], full, days[1], month_ends)
    except HouseIsBusyError as error:
        stop(console, str(error), BUSY)
    except PreflightError as error:
        stop(console, f"{error}\n{_count(len(error.findings))} to mend; nothing was started.")
    except RunFailedError as error:
        kept = (
            "What was published before is still there."
            if _is_published(house)
            else "Nothing is published yet."
        )
        stop(console, f"{error}\n{kept}")
    _tell(console, house, result)
    is_told = result.notification is None or not result.notification.failed
    if strict and (result.ingested.failed or not is_told):
        raise typer.Exit(PARTLY_FAILED)


@app.command()
def check(connections: Connections = None, rules: Rules = None) -> None:
    """Check connections and rules; run nothing."""
    from orchestration.house import House
    from orchestration.preflight import preflight
    from orchestration.rules.horizon import calendar_notes

    console = make_console()
    house = House.default(connections, rules=rules)
    findings = preflight(house)
    for finding in findings:
        console.print(str(finding), style="red", markup=False, highlight=False, soft_wrap=True)
    if findings:
        stop(console, f"{_count(len(findings))} to mend.")
    console.print(
        f"[green]✓[/] connections in {house.connections} and rules in {house.seeds_dir} are well formed"
    )
    for note in calendar_notes(house.seeds_dir, date.today()):
        console.print(note, style="yellow", markup=False, highlight=False, soft_wrap=True)


@app.command()
def notify(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be sent where, and what waits; send nothing.")
    ] = False,
    lang: Annotated[
        Literal["zh", "en"] | None,
        typer.Option(
            help="Language of the messages. Default: that of the channel's row.", show_default=False
        ),
    ] = None,
) -> None:
    """Tell people of the alerts of the published day-end: each alert once per channel whose address is set.

    Ends with 0 when everything was sent or waits for the end of quiet hours, 1 when a channel did not take a
    message: it stays in the outbox for the next run.
    """
    from orchestration.lock import HouseIsBusyError
    from orchestration.notifying.notify import notify as tell_people
    from orchestration.notifying.tell import tell_notification
    from orchestration.paths import paths
    from orchestration.reporting.serving import NotPublishedError

    console = make_console()
    try:
        notification = tell_people(paths().home, lang=lang, is_trial=dry_run)
    except NotPublishedError as error:
        stop(console, f"{error}. Run `leadhouse run` first.")
    except HouseIsBusyError as error:
        stop(console, str(error), BUSY)
    tell_notification(console, notification)
    if notification.failed:
        raise typer.Exit(FAILED)


@app.command()
def replay(
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="A published day-end.")],
    rules_as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Also show what would have been with the rules in force on this date.",
            show_default=False,
        ),
    ] = None,
    rules: Rules = None,
    published_rules: Annotated[
        bool,
        typer.Option("--published-rules", help="Take the rules archived with the day, not today's."),
    ] = False,
    threads: Threads = None,
) -> None:
    """Build a published day-end again from the lake and say how it differs from what was published.

    Ends with 0 when it is equal, 4 when it differs, 1 when it cannot be replayed. It is built beside the
    house: nothing published is touched.
    """
    from orchestration.house import House
    from orchestration.lock import HouseIsBusyError
    from orchestration.preflight import PreflightError
    from orchestration.progress import OnConsole
    from orchestration.replay.replay import ReplayError
    from orchestration.replay.replay import replay as replay_day
    from orchestration.replay.tell import tell_replay
    from orchestration.rules.archive import NoArchiveError
    from orchestration.warehouse.dbt import DbtFailedError
    from orchestration.warehouse.rebuild import RebuildError

    console = make_console()
    house = House.default(progress=OnConsole(console), rules=rules)
    other = rules_as_of.date() if rules_as_of else None
    try:
        result = replay_day(house, as_of.date(), other, threads, published_rules)
    except PreflightError as error:
        stop(console, f"{error}\n{_count(len(error.findings))} to mend; nothing was started.")
    except (ReplayError, NoArchiveError, HouseIsBusyError, RebuildError, DbtFailedError) as error:
        stop(console, str(error))
    tell_replay(console, result)
    if not result.is_equal:
        raise typer.Exit(DIFFERS)


@app.command()
def impact(
    base: Annotated[
        str | None,
        typer.Option(
            help="Branch, tag or commit to compare with. Default: origin/main, else main.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="The Markdown page, HTML and Parquet beside it. Default: LEADHOUSE_HOME/impact/impact.md.",
            show_default=False,
        ),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The day-end. Default: the published one.", show_default=False
        ),
    ] = None,
    rules_as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The rules in force on this date, on both sides. Default: when all that differ hold.",
            show_default=False,
        ),
    ] = None,
    rules: Rules = None,
    threads: Threads = None,
) -> None:
    """Show what the working tree's rules and models do to the leads, compared with a Git reference.

    One page for a pull request: leads that change band, level, status, rank or owner, the biggest movers and
    the rule that moved them, rules that never or always fire now. Publishes nothing.
    """
    from orchestration.comparison.compare import NotComparableError
    from orchestration.house import House
    from orchestration.impact.impact import ImpactError
    from orchestration.impact.impact import impact as measure_impact
    from orchestration.impact.worktree import BaseError
    from orchestration.lock import HouseIsBusyError
    from orchestration.preflight import PreflightError
    from orchestration.progress import OnConsole
    from orchestration.warehouse.dbt import DbtFailedError
    from orchestration.warehouse.rebuild import RebuildError

    console = make_console()
    house = House.default(progress=OnConsole(console), rules=rules)
    days = [moment.date() if moment else None for moment in (as_of, rules_as_of)]
    try:
        page = measure_impact(house, base, out.resolve() if out else None, *days, threads)
    except PreflightError as error:
        stop(console, f"{error}\n{_count(len(error.findings))} to mend; nothing was started.")
    except HouseIsBusyError as error:
        stop(console, str(error), BUSY)
    except (ImpactError, BaseError, NotComparableError, RebuildError, DbtFailedError) as error:
        stop(console, str(error))
    totals = page.figures["totals"]
    console.print(
        f"Of {totals['leads']} leads {totals['band']} change band, {totals['level']} level, "
        f"{totals['status']} status, {totals['queue_rank']} rank, {totals['owner']} owner.",
        highlight=False,
        soft_wrap=True,
    )
    for name, path in (("Page", page.markdown), ("HTML", page.html), ("Leads", page.leads_file)):
        console.print(f"{name:<6}{path}", highlight=False, soft_wrap=True)


@app.command()
def report(
    period: Annotated[Literal["week", "month"], typer.Option(help="A week from Monday, or a month.")],
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="A day of the period. Default: the last period that the published day-end completes.",
            show_default=False,
        ),
    ] = None,
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Language of the page.")] = "en",
    split: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Also compare the time before and after this date.", show_default=False
        ),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also print it as PDF, with a browser that is there.")
    ] = False,
) -> None:
    """Write the quality report of a week or a month into serving/reports, from the published marts."""
    from orchestration.paths import paths
    from orchestration.reporting.pdf import NoBrowserError, print_pdf
    from orchestration.reporting.period import NoSuchPeriodError, write_period_report
    from orchestration.reporting.serving import NotPublishedError

    console = make_console()
    where = paths()
    days = [moment.date() if moment else None for moment in (on, split)]
    try:
        page = write_period_report(where.serving_database, where.reports, lang, period, *days)
        console.print(str(page), highlight=False, soft_wrap=True)
        if pdf:
            console.print(str(print_pdf(page)), highlight=False, soft_wrap=True)
    except NotPublishedError as error:
        stop(console, f"{error}. Run `leadhouse run` first.")
    except (NoSuchPeriodError, NoBrowserError) as error:
        stop(console, str(error))


@app.command()
def explain(
    lead: Annotated[str, typer.Argument(help="A lead id, or any id, e-mail, phone or name of the lead.")],
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Language of the story.")] = "en",
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="How the score moved since this day-end; default 30 days."),
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Tell it as it was on this published day-end; a past one is built again first.",
        ),
    ] = None,
) -> None:
    """Tell a lead's story: each point with its rule, owner and reason, and why the score moved."""
    from orchestration.explain import explain as explain_lead
    from orchestration.paths import paths

    console = make_console()
    first, last = (moment.date() if moment else None for moment in (since, on))
    day = _past_day(console, last) if last else None
    status = explain_lead(paths().serving_database, lead, lang, console, first, last, day)
    if status:
        raise typer.Exit(status)


def _past_day(console: Console, as_of: date) -> Path | None:
    """The marts of a published day-end, None for the one that is served."""
    from orchestration.house import House
    from orchestration.lock import HouseIsBusyError
    from orchestration.preflight import PreflightError
    from orchestration.progress import OnConsole
    from orchestration.publishing.manifest import last_publication
    from orchestration.replay.replay import ReplayError, past_day
    from orchestration.rules.archive import NoArchiveError
    from orchestration.warehouse.dbt import DbtFailedError
    from orchestration.warehouse.rebuild import RebuildError

    house = House.default(progress=OnConsole(console))
    served = last_publication(house.home)
    if served is None or served.inputs.as_of_date == as_of.isoformat():
        return None
    failures = (PreflightError, ReplayError, NoArchiveError, HouseIsBusyError, RebuildError, DbtFailedError)
    try:
        day = past_day(house, as_of)
    except failures as error:
        stop(console, str(error))
    if day.differing:
        console.print(
            f"! {as_of} does not come out as it was published: {', '.join(day.differing)} differ. "
            "What follows is what comes out today; "
            f"`leadhouse replay --as-of {as_of} --published-rules` says why.",
            style="yellow",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    return day.database


def _tell(console: Console, house, result) -> None:
    from orchestration.ingestion.assets import troubles
    from orchestration.notifying.tell import tell_notification
    from orchestration.summary import print_summary

    console.print()
    if not result.reasons:
        console.print("Nothing new: no delivery, rule, code or day-end differs. Nothing was computed.")
    print_summary(console, house.home, result.publication)
    found = troubles(result.ingested)
    for text in found:
        console.print(f"! {text}", style="yellow", markup=False, highlight=False, soft_wrap=True)
    if result.notification:
        tell_notification(console, result.notification)


def _is_published(house) -> bool:
    from orchestration.paths import paths

    return paths(house.home).serving_database.exists()


def _count(findings: int) -> str:
    return f"{findings} mistake{'' if findings == 1 else 's'}"
