"""What a run came to, printed: records by fate, leads by band and level, first of the queue, open alerts."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from rich import box
from rich.columns import Columns
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from orchestration.reporting.labels import Language, sentence
from orchestration.reporting.queue import UNASSIGNED, reasons
from orchestration.reporting.serving import NotPublishedError, open_serving
from orchestration.reporting.sources import FATES, LEVELS, Sources, band_order, open_sources

FIRST_OF_QUEUE = 5


def render_summary(serving_path: Path, lang: Language = "en", console: Console | None = None) -> None:
    """Print the summary of the published day-end; says so when nothing is published.

    Args:
        serving_path: the serving DuckDB file.
        lang: language of the words.
        console: where to print; default the standard output.
    """
    console = console or Console(highlight=False)
    try:
        with open_serving(serving_path) as serving:
            console.print(_summary(open_sources(serving, lang)))
    except NotPublishedError:
        console.print(Text(sentence(lang, "error.not_published")))


def _summary(sources: Sources) -> Group:
    labels, day_end, text = sources.labels, sources.day_end, sources.labels.text
    kind = "run.provisional" if day_end.is_provisional else "run.final"
    title = Text(text("run.title", date=labels.day(day_end.as_of_date)), style="bold")
    title.append(f"  {text(kind, at=labels.instant(day_end.known_until_at))}", style="dim")
    parts = [
        title,
        Text(),
        Columns([_records(sources), _leads(sources), _alerts(sources)], padding=(0, 4)),
        Text(),
        _queue(sources),
    ]
    return Group(*parts)


def _records(sources: Sources) -> Table:
    labels, rows = sources.labels, sources.rows("fates")
    table = _table(labels.text("run.records"))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for fate in FATES:
        table.add_row(labels.term(fate, "record_fate"), labels.count(sum(row[fate] for row in rows)))
    table.add_section()
    table.add_row(
        Text(labels.text("report.total"), style="bold"), labels.count(sum(row["records"] for row in rows))
    )
    difference = sum(row["difference"] for row in rows)
    if difference:
        table.add_row(Text(labels.text("quality.difference"), style="bold red"), labels.count(difference))
    return table


def _leads(sources: Sources) -> Table:
    labels = sources.labels
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in sources.rows("band_by_level"):
        counts[row["band"]][row["maturity_level"]] += row["leads"]
    shown = [
        level
        for level in LEVELS
        if level != "unknown" or any("unknown" in levels for levels in counts.values())
    ]
    table = _table(labels.text("run.leads", scope=labels.term(sources.scope, "scope")), header=True)
    table.add_column(labels.text("bands.band"), no_wrap=True)
    for level in shown:
        table.add_column(labels.term(level, "maturity_level"), justify="right", no_wrap=True)
    table.add_column(labels.text("report.total"), justify="right", no_wrap=True, style="bold")
    known = [code for code, _, _ in band_order(sources)]
    for band in [*known, *sorted(set(counts) - set(known))]:
        row = [labels.count(counts[band][level]) for level in shown]
        table.add_row(labels.term(band, "score_band"), *row, labels.count(sum(counts[band].values())))
    b2c = sum(row["leads"] for row in sources.rows("scopes") if row["scope"] != sources.scope)
    if b2c:
        table.caption = labels.text("run.b2c", n=b2c)
        table.caption_justify = "left"
    return table


def _alerts(sources: Sources) -> Table:
    labels = sources.labels
    table = _table(labels.text("run.alerts"))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    rows = sources.rows("alert_counts")
    for row in rows:
        table.add_row(labels.term(row["alert_kind"], "alert_kind"), labels.count(row["alerts"]))
    if not rows:
        table.add_row(labels.text("alerts.none"), "")
    return table


def _queue(sources: Sources) -> Table:
    labels, text = sources.labels, sources.labels.text
    table = _table(text("run.queue"), header=True)
    table.add_column(text("run.place"), justify="right")
    table.add_column(text("run.lead"), overflow="fold", max_width=44)
    table.add_column(text("queue.score"), justify="right", no_wrap=True)
    table.add_column(text("queue.maturity"), no_wrap=True)
    table.add_column(text("run.owner"), no_wrap=True)
    table.add_column(text("run.reason"), overflow="fold", min_width=24)
    rows = sources.rows("queue", rows=FIRST_OF_QUEUE)
    for row in rows:
        tier = reasons(labels, row)["tier"]
        owner = (
            text("queue.unassigned")
            if row["owner_ref"] in (None, UNASSIGNED)
            else row["owner_name"] or row["owner_ref"]
        )
        named = " · ".join(
            part for part in (row["person_name"] or text("story.unnamed"), row["company_name"]) if part
        )
        table.add_row(
            str(row["overall_rank"]),
            Text(named),
            Text(f"{row['score']} {row['band'] or ''}"),
            labels.term(row["maturity_level"], "maturity_level"),
            Text(owner),
            Text(f"{tier.rule_id} {tier.label}" if tier else text("report.none")),
        )
    if not rows:
        table.add_row("", text("queue.empty"), "", "", "", "")
    return table


def _table(title: str, *, header: bool = False) -> Table:
    return Table(
        title=Text(title, style="bold cyan"),
        title_justify="left",
        box=box.SIMPLE_HEAD if header else None,
        show_header=header,
        show_edge=False,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
