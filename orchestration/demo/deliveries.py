"""What the demo company's systems deliver: which file, in which format, on which day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LAST_DAY = date(2026, 11, 20)
"""Last business day of the demo, a Friday; the newest delivery becomes known on the morning after."""

HISTORY_END = date(2026, 10, 31)
"""Up to here the deliveries cover months, afterwards weeks or days."""

MORNING = time(5, 30)
"""Before the cut-off at 06:00: what is delivered then still counts for the day before."""

AFTER_CUT_OFF = time(6, 30)


@dataclass(frozen=True)
class Connection:
    """One stream of files; `cadence` names an entry of `CADENCES`, or `per_event` for one file an event."""

    name: str
    feed: str
    system: str
    folder: str
    file_format: str
    cadence: str
    sheet: str = ""


CADENCES = {
    # months between the files of the history, then the last days that a file of the weeks after it covers
    "daily_14": (1, [date(2026, 11, 6), *(LAST_DAY - timedelta(days=n) for n in range(13, -1, -1))]),
    "daily_7": (2, [LAST_DAY - timedelta(days=n) for n in range(7, -1, -1)]),
    "monthly_daily_7": (1, [LAST_DAY - timedelta(days=n) for n in range(7, -1, -1)]),
    "weekly": (2, [date(2026, 11, 6), date(2026, 11, 13), LAST_DAY]),
    "monthly_weekly": (1, [date(2026, 11, 6), date(2026, 11, 13), LAST_DAY]),
    "quarterly": (3, [date(2026, 11, 13), LAST_DAY]),
    "half_yearly": (6, [LAST_DAY]),
}

CONNECTIONS = [
    Connection("crm_reps", "crm_reps", "crm", "crm", "csv", "half_yearly"),
    Connection("crm_accounts", "crm_accounts", "crm", "crm", "csv", "weekly"),
    Connection("crm_leads", "crm_leads", "crm", "crm", "csv_bom", "monthly_daily_7"),
    Connection("crm_contacts", "crm_contacts", "crm", "crm", "csv", "weekly"),
    Connection("crm_opportunities", "crm_opportunities", "crm", "crm", "csv_bom", "monthly_weekly"),
    Connection("wukong_leads", "crm_leads", "wukong", "wukong", "csv_gb18030", "quarterly"),
    Connection("campaigns", "campaigns", "marketing", "marketing", "xlsx", "half_yearly", "市场活动"),
    Connection("content_items", "content_items", "marketing", "marketing", "csv", "half_yearly"),
    Connection(
        "company_registry", "company_registry", "company_registry", "registry", "csv_bom", "quarterly"
    ),
    Connection("web_events", "web_events", "website", "website", "parquet", "daily_14"),
    Connection("forms_zh", "form_submissions", "website", "website", "csv_bom", "daily_14"),
    Connection("forms_en", "form_submissions", "website_en", "website_en", "csv_semicolon", "weekly"),
    Connection("wechat_events", "wechat_events", "wechat", "wechat", "jsonl", "weekly"),
    Connection("wecom_events", "wecom_events", "wecom", "wecom", "jsonl", "daily_7"),
    Connection("fair_visitors", "event_participations", "events", "events", "xlsx", "per_event", "观众名单"),
    Connection("webinars", "event_participations", "webinar", "webinar", "csv", "per_event"),
    Connection("content_downloads", "content_downloads", "content", "content", "jsonl", "weekly"),
    Connection("message_events", "message_events", "mailer", "mailer", "tsv", "daily_7"),
    Connection("chat_messages", "chat_messages", "chat", "chat", "jsonl", "weekly"),
    Connection("surveys", "surveys", "survey", "survey", "xlsx", "quarterly", "答卷"),
    Connection("share_links", "share_links", "share", "share", "jsonl", "quarterly"),
    Connection("sales_activities", "sales_activities", "crm", "calls", "jsonl", "monthly_daily_7"),
    Connection("sales_feedback", "sales_feedback", "crm", "crm", "csv_bom", "weekly"),
    Connection("customer_events", "customer_events", "crm", "crm", "csv", "quarterly"),
    Connection("consents", "consents", "consent", "consent", "csv", "quarterly"),
    Connection("lead_operations", "lead_operations", "crm", "crm", "csv", "weekly"),
]

SUFFIXES = {
    "csv": "csv",
    "csv_bom": "csv",
    "csv_gb18030": "csv",
    "csv_semicolon": "csv",
    "tsv": "tsv",
    "jsonl": "jsonl",
    "parquet": "parquet",
    "xlsx": "xlsx",
}

SENT_TWICE = ("wechat_events", date(2026, 6, 30))
"""A file that comes again a day later with the same bytes, as (connection, last day covered)."""

BROKEN_TRANSFER = ("message_events", date(2026, 8, 31))
"""A file with a line that ends in the middle, as (connection, last day covered)."""


@dataclass(frozen=True)
class Delivery:
    """One file: what it covers and when it becomes known, local time; a list of one event names it."""

    connection: Connection
    file_name: str
    from_at: datetime
    to_at: datetime
    known_at: datetime
    event: str = ""
    is_late: bool = False

    @property
    def covered_on(self) -> date:
        """Last day of which the file tells."""
        return (self.to_at - timedelta(seconds=1)).date()


def cut_days(cadence: str, first_day: date) -> list[date]:
    """Return the last days that the files of a cadence cover, ascending.

    Args:
        cadence: key of `CADENCES`.
        first_day: first business day of the demo.
    """
    step, tail = CADENCES[cadence]
    ends, month_end = [], HISTORY_END
    while month_end >= first_day:
        ends.append(month_end)
        for _ in range(step):
            month_end = month_end.replace(day=1) - timedelta(days=1)
    return [*reversed(ends), *tail]


def time_deliveries(connection: Connection, first_day: date) -> Iterator[Delivery]:
    """Yield the files of a connection that cover spans of time, in their order.

    What happened before the first span belongs to the first file.
    """
    from_at = datetime(2000, 1, 1)
    for last_covered in cut_days(connection.cadence, first_day):
        to_at = datetime.combine(last_covered + timedelta(days=1), time())
        known_time = AFTER_CUT_OFF if connection.name == "crm_reps" and last_covered == LAST_DAY else MORNING
        yield _delivery(connection, from_at, to_at, datetime.combine(to_at.date(), known_time))
        from_at = to_at
    if connection.name == "web_events":
        # The night after the last business day, fetched after the cut-off.
        to_at = datetime.combine(LAST_DAY + timedelta(days=1), time(6, 20))
        yield _delivery(connection, from_at, to_at, datetime.combine(to_at.date(), AFTER_CUT_OFF))


def event_deliveries(
    connection: Connection, events: list[tuple[str, date, int]], late: set[str]
) -> Iterator[Delivery]:
    """Yield one file per event, and a second one for events with people who were handed in late.

    Args:
        connection: stream of lists of participants.
        events: (event id, first day, days), in their order.
        late: ids of the events with late rows.
    """
    newest = datetime.combine(LAST_DAY + timedelta(days=1), MORNING)
    for event, event_on, days in events:
        wait = 7 if event.startswith("WB") else 2
        known_at = min(newest, datetime.combine(event_on + timedelta(days=days - 1 + wait), MORNING))
        yield _delivery(connection, event_on, event_on, known_at, event)
    for event, event_on, _ in events:
        if event in late:
            known_at = datetime.combine(LAST_DAY - timedelta(days=2), MORNING)
            yield _delivery(connection, event_on, event_on, known_at, event, is_late=True)


def _delivery(
    connection: Connection,
    from_at: date,
    to_at: date,
    known_at: datetime,
    event: str = "",
    is_late: bool = False,
) -> Delivery:
    stem = "_".join(part for part in (connection.name, event, "late" if is_late else "") if part)
    name = f"{stem}_{known_at:%Y-%m-%d_%H%M}.{SUFFIXES[connection.file_format]}"
    return Delivery(connection, name, _at(from_at), _at(to_at), known_at, event, is_late)


def _at(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())
