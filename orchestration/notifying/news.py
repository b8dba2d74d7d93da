"""What of the alerts is new to whom: compared with what was seen and told before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
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
    lead_id: str
    severity: str
    is_open: bool
    opened_on: date
    last_seen_on: date
    closed_on: date | None
    notify_role: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """Something that one channel is to be told."""

    event_id: str
    event: str
    severity: str
    alert: Alert


def short_id(event_id: str) -> str:
    """Return the id that stands in the message: the same whenever the event is sent."""
    return hashlib.sha256(event_id.encode()).hexdigest()[:12]


def recognise(rows: Iterable[Mapping[str, Any]], known: Mapping[str, Episode], day: date) -> list[Alert]:
    """Return the alerts of a day-end, and those that ended without a trace in it.

    The first day of an alert that is older than the days of the build depends on where the build begins, and
    with it the alert's id. An alert of the same lead and kind that was already there when the other was last
    seen is the same one and keeps the id that was told.
    """
    rows = list(rows)
    present = {row["alert_id"] for row in rows}
    lost = {
        (episode.alert_kind, episode.lead_id): episode
        for episode in known.values()
        if episode.state == "open" and episode.alert_id not in present
    }
    alerts = []
    for row in rows:
        alert = _alert(row)
        before = lost.get((alert.alert_kind, alert.lead_id))
        if before and alert.alert_id not in known and alert.opened_on <= before.last_seen_on:
            del lost[alert.alert_kind, alert.lead_id]
            alert = replace(alert, alert_id=before.alert_id, opened_on=before.opened_on)
        alerts.append(alert)
    for episode in lost.values():
        facts = {**episode.facts, "cause": GONE, "points_milli": None, "closed_on": day.isoformat()}
        alerts.append(
            Alert(
                episode.alert_id,
                episode.alert_kind,
                episode.lead_id,
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
        alert.lead_id,
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
) -> list[Event]:
    """Return what a channel has not been told yet.

    A channel that was never told anything hears of what is open now, not of the past. Later it also hears of
    an alert that opened and closed while nobody told it.
    """
    histories: dict[str, list[Notice]] = {}
    for notice in told:
        histories.setdefault(notice.alert_id, []).append(notice)
    found: list[Event] = []
    for alert in alerts:
        history = histories.get(alert.alert_id, [])
        gravest = max([alert.severity, *(notice.severity for notice in history)], key=RANKS.__getitem__)
        for event_id, event in _steps(alert, history, known.get(alert.alert_id), told_until, day):
            # Who heard of it as critical hears of its end, also when it ended as a warning.
            severity = gravest if event == "closed" else alert.severity
            if channel.wants(event, severity, alert.notify_role):
                found.append(Event(event_id, event, severity, alert))
            elif not history:
                # Whoever was not told of the beginning needs no end.
                break
    return found


def _steps(
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
    elif RANKS[alert.severity] > max(RANKS[notice.severity] for notice in history):
        steps.append(_escalated(alert))
    return steps if alert.is_open else [*steps, (closed_id, "closed")]


def _escalated(alert: Alert) -> tuple[str, str]:
    return f"{alert.alert_id}|escalated|{alert.severity}", "escalated"


def _alert(row: Mapping[str, Any]) -> Alert:
    return Alert(
        row["alert_id"],
        row["alert_kind"],
        row["lead_id"],
        row["severity"],
        row["state"] == "open",
        row["opened_on"],
        row["last_seen_on"],
        row["closed_on"],
        row["notify_role"],
        row,
    )
