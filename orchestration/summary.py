"""What a run tells the person who started it, read from the serving file like everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.paths import paths
from orchestration.publishing.manifest import Publication

QUEUE_LENGTH = 5

FATES = """
    select feed, count(distinct delivery_id) as deliveries, sum(records)::bigint as records,
        sum(accepted)::bigint as accepted, sum(unchanged)::bigint as unchanged,
        sum(duplicate)::bigint as duplicate, sum(merged)::bigint as merged,
        sum(quarantined)::bigint as quarantined, sum(rejected)::bigint as rejected,
        sum(difference)::bigint as difference
    from marts.rpt_ingest_balance
    where as_of_date = ?
    group by feed order by feed
"""
BANDS = """
    select band, count(*) as leads, count(*) filter (where maturity_level = 'high') as high,
        count(*) filter (where maturity_level = 'medium') as medium,
        count(*) filter (where maturity_level = 'low') as low
    from marts.fct_lead_scores where scope = 'b2b'
    group by band order by max(score) desc
"""
QUEUE = """
    select overall_rank, coalesce(owner_name, owner_ref) as owner, lead_id, person_name, company_name,
        band, score, maturity_level, decision_stage, tier
    from marts.rpt_lead_queue order by overall_rank limit ?
"""
ALERTS = """
    select alert_kind, severity, count(*) as alerts from marts.fct_alerts where state = 'open'
    group by alert_kind, severity order by alerts desc
"""

CALENDAR = """
    select count(*), (select max(date_day) from marts.dim_dates where day_kind <> 'unknown')
    from marts.fct_response_clocks where is_beyond_calendar
"""


def print_summary(console: Console, home: Path, publication: Publication) -> None:
    """Print records by fate, leads by band and level, the head of the queue, alerts, and where everything is.

    Args:
        console: where to print.
        home: LEADHOUSE_HOME with a published serving file.
        publication: the publication that the serving file holds.

    Raises:
        duckdb.Error: a mart that the summary needs is missing.
    """
    where = paths(home)
    day_end = publication.inputs.as_of_date
    with duckdb.connect(str(where.serving_database), read_only=True) as con:
        console.print(_fates(_rows(con, FATES, day_end), day_end))
        console.print(_bands(_rows(con, BANDS)))
        console.print(_queue(_rows(con, QUEUE, QUEUE_LENGTH)))
        alerts = ", ".join(f"{n} {kind} ({severity})" for kind, severity, n in _rows(con, ALERTS)) or "none"
        [(beyond, known_to)] = _rows(con, CALENDAR)
    provisional = " (provisional: the day is not over yet)" if publication.is_provisional else ""
    console.print(f"Open alerts   {alerts}", highlight=False)
    if beyond:
        console.print(
            f"Calendar      holidays known to {known_to}; {beyond} clocks need later days, none is guessed",
            style="yellow",
            highlight=False,
        )
    console.print(f"Day-end       {day_end}{provisional}", highlight=False)
    console.print(f"Fingerprint   {publication.fingerprint}", highlight=False)
    console.print(f"Marts         {where.serving_database}  (schema marts)", highlight=False, soft_wrap=True)
    for report in sorted(where.reports.glob("*.html")):
        console.print(f"Report        {report}", highlight=False, soft_wrap=True)


def _rows(con: duckdb.DuckDBPyConnection, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return con.execute(sql, list(parameters)).fetchall()


def _fates(rows: list[tuple[Any, ...]], day_end: str) -> Table:
    names = ["feed", "deliveries", "records", "accepted", "unchanged", "duplicate", "merged", "quarantined"]
    table = _table(f"Records by fate, day-end {day_end}", [*names, "rejected", "difference"], left=1)
    for row in rows:
        table.add_row(*(_number(value) for value in row))
    table.add_section()
    totals = [sum(row[column] for row in rows) for column in range(1, 10)]
    table.add_row("all", *(_number(value) for value in totals), style="bold")
    return table


def _bands(rows: list[tuple[Any, ...]]) -> Table:
    table = _table("B2B leads by band and maturity", ["band", "leads", "high", "medium", "low"], left=1)
    for row in rows:
        table.add_row(*(_number(value) for value in row))
    return table


def _queue(rows: list[tuple[Any, ...]]) -> Table:
    names = ["", "owner", "lead", "person", "company", "band", "score", "level", "stage", "tier"]
    table = _table(f"First {len(rows)} of the queue", names, left=len(names))
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row))
    return table


def _table(title: str, names: list[str], left: int) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim", box=None)
    for position, name in enumerate(names):
        table.add_column(name, justify="left" if position < left else "right", overflow="fold")
    return table


def _number(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}".replace(",", " ")
    return "–" if value is None else str(value)
