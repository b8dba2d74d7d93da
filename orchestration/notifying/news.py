"""What of the alerts is new to whom: compared with what was seen and told before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from orchestration.notifying.channels import RANKS, Channel
from orchestration.notifying.outbox import Episode, Notice

# What the end of an alert is told with, when the marts no longer have the alert.
GONE = "gone"


@dataclass(frozen=True)
class Alert:
    """An alert of the published day-end under the id by which it was told. `facts` is its row."""

    alert_id: str
    alert_kind: str
    subject_key: str
    severity: str
    is_open: bool
    opened_on: date
    last_seen_on: date
    closed_on: date | None
    notify_role: str | None
    facts: Mapping[str, Any]
    reopened_on: date | None = None
    overdue_role: str | None = None
    is_overdue: bool = False
    due_on: date | None = None
    muted_until: datetime | None = None

    @property
    def began_on(self) -> date:
        """The day-end on which it opened or last came back."""
        return self.reopened_on or self.opened_on

    def is_muted(self, now: datetime) -> bool:
        """Tell whether nobody shall hear of it at this moment (UTC, without a zone); over is over."""
        if self.muted_until is None:
            return False
        return self.muted_until > now if self.is_open else self.muted_until.date() >= self.closed_on


@dataclass(frozen=True)
class Event:
    """Something that one channel is to be told; `role` is for whom it is."""

    event_id: str
    event: str
    severity: str
    alert: Alert
    role: str | None = None

    @property
    def says_overdue(self) -> bool:
        """True when it is told because nobody took the alert up in time."""
        return self.event_id == _overdue_id(self.alert)


def short_id(event_id: str) -> str:
    """Return the id that stands in the message: the same whenever the event is sent."""
    return hashlib.sha256(event_id.encode()).hexdigest()[:12]


def recognise(rows: Iterable[Mapping[str, Any]], known: Mapping[str, Episode], day: date) -> list[Alert]:
    """Return the alerts of a day-end, and those that ended without a trace in it.

    An alert keeps its id as long as the record of alerts is kept (docs/decisions/0010). The record begins
    anew where the warehouse and the serving file are both gone while `outbox/` is not. Then all that is open
    has another id and first day, and would be told as over and as new. So an alert with an unknown id is the
    one that was told of its subject and kind, when that one has no row any more and this one was already
    there when it was last seen; it keeps the id that was told.
    """
    rows = list(rows)
    present = {row["alert_id"] for row in rows}
    lost = {
        (episode.alert_kind, episode.subject_key): episode
        for episode in known.values()
        if episode.state == "open" and episode.alert_id not in present
    }
    alerts = []
    for row in rows:
        alert = _alert(row)
        before = lost.get((alert.alert_kind, alert.subject_key))
        if before and alert.alert_id not in known and alert.opened_on <= before.last_seen_on:
            del lost[alert.alert_kind, alert.subject_key]
            alert = replace(alert, alert_id=before.alert_id, opened_on=before.opened_on)
        alerts.append(alert)
    for episode in lost.values():
        facts = {**episode.facts, "cause": GONE, "points_milli": None, "closed_on": day.isoformat()}
        alerts.append(
            Alert(
                episode.alert_id,
                episode.alert_kind,
                episode.subject_key,
                facts["severity"],
                False,
                episode.opened_on,
                episode.last_seen_on,
                day,
                facts["notify_role"],
                facts,
            )
        )
    return sorted(alerts, key=lambda alert: alert.alert_id)


def seen(alert: Alert, known: Mapping[str, Episode]) -> Episode:
    """Return an alert as it is remembered."""
    before = known.get(alert.alert_id)
    return Episode(
        alert.alert_id,
        alert.alert_kind,
        alert.subject_key,
        before.first_severity if before else alert.severity,
        alert.opened_on,
        alert.last_seen_on,
        "open" if alert.is_open else "closed",
        dict(alert.facts),
    )


def news(
    channel: Channel,
    alerts: Iterable[Alert],
    known: Mapping[str, Episode],
    told: Iterable[Notice],
    told_until: date | None,
    day: date,
    now: datetime,
) -> list[Event]:
    """Return what a channel has not been told yet; `now` is UTC without a zone.

    A channel that was never told anything hears of what is open now, not of the past. Later it also hears of
    an alert that opened and closed while nobody told it. Of a muted alert nobody hears; who was told of it
    before hears of its end.
    """
    histories: dict[str, list[Notice]] = {}
    for notice in told:
        histories.setdefault(notice.alert_id, []).append(notice)
    found: list[Event] = []
    for alert in alerts:
        history = histories.get(alert.alert_id, [])
        if alert.is_muted(now) and (alert.is_open or not history):
            continue
        changes = _changes(alert, history, known.get(alert.alert_id), told_until, day)
        found += _told_here(channel, alert, history, changes)
    return found


def _told_here(
    channel: Channel, alert: Alert, history: list[Notice], changes: list[tuple[str, str]]
) -> list[Event]:
    """Return what of the changes a channel wants, and that nobody took the alert up in time."""
    found: list[Event] = []
    overdue_id = _overdue_id(alert)
    knows_overdue = any(notice.event_id == overdue_id for notice in history)
    gravest = max([alert.severity, *(notice.severity for notice in history)], key=RANKS.__getitem__)
    for event_id, event in changes:
        # Who heard of it as critical hears of its end, also when it ended as a warning.
        severity = gravest if event == "closed" else alert.severity
        role = alert.overdue_role if event == "closed" and knows_overdue else alert.notify_role
        # Whoever was not told of the beginning needs no end.
        has_heard = bool(history or found)
        if (event != "closed" or has_heard) and channel.wants(event, severity, role):
            found.append(Event(event_id, event, severity, alert, role))
    if alert.is_open and alert.is_overdue and not knows_overdue:
        # Who hears of it only when it is overdue already is not told twice.
        heard = [notice for notice in history if notice.as_of_date >= alert.began_on]
        is_news = any(notice.as_of_date < alert.due_on for notice in heard) if heard else not found
        if is_news and channel.wants("escalated", alert.severity, alert.overdue_role):
            found.append(Event(overdue_id, "escalated", alert.severity, alert, alert.overdue_role))
    return found


def _changes(
    alert: Alert, history: list[Notice], known: Episode | None, told_until: date | None, day: date
) -> list[tuple[str, str]]:
    closed_id = f"{alert.alert_id}|closed|{alert.closed_on}"
    if not history:
        is_news = alert.is_open or (
            told_until is not None and alert.closed_on is not None and alert.closed_on > told_until
        )
        if not is_news:
            return []
        has_risen = known is not None and RANKS[alert.severity] > RANKS[known.first_severity]
        steps = [_escalated(alert) if has_risen else (f"{alert.alert_id}|opened", "opened")]
        return steps if alert.is_open else [*steps, (closed_id, "closed")]
    steps = []
    if history[-1].event == "closed":
        if not alert.is_open:
            return []
        steps.append((f"{alert.alert_id}|reopened|{day}", "reopened"))
    elif alert.is_open and alert.reopened_on and history[-1].as_of_date < alert.reopened_on:
        # It ended and came back, and this channel was not told of the end.
        steps.append((f"{alert.alert_id}|reopened|{alert.reopened_on}", "reopened"))
    elif RANKS[alert.severity] > max(RANKS[notice.severity] for notice in history):
        steps.append(_escalated(alert))
    return steps if alert.is_open else [*steps, (closed_id, "closed")]


def _escalated(alert: Alert) -> tuple[str, str]:
    return f"{alert.alert_id}|escalated|{alert.severity}", "escalated"


def _overdue_id(alert: Alert) -> str:
    return f"{alert.alert_id}|overdue|{alert.began_on}"


def _alert(row: Mapping[str, Any]) -> Alert:
    return Alert(
        row["alert_id"],
        row["alert_kind"],
        row["subject_key"],
        row["severity"],
        row["state"] == "open",
        row["opened_on"],
        row["last_seen_on"],
        row["closed_on"],
        row["notify_role"],
        row,
        row["reopened_on"],
        row["escalated_to"],
        row["handling_state"] == "overdue",
        row["acknowledge_due_at"].date() if row["acknowledge_due_at"] else None,
        row["muted_until_at"],
    )
