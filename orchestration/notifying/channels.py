"""Where alerts go: the rows of `rule_anomaly__notifications` in force, and what each lets through when."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from orchestration.reporting.labels import Labels, Language
from orchestration.rules.meanings import SEVERITIES

VARIABLE_PREFIX = "LEADHOUSE_NOTIFY_"
RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES)}
# The end of an alert can wait for the morning, however grave the alert was.
CALLS_FOR_ACTION = ("opened", "reopened", "escalated")


@dataclass(frozen=True)
class Channel:
    """One row: a place that is told, and what it is told. `url` is a secret and in no repr."""

    rule_id: str
    label: str
    service: str
    url_variable: str
    severities: frozenset[str]
    events: frozenset[str]
    notify_roles: frozenset[str]
    language: Language
    quiet_from: time | None
    quiet_to: time | None
    quiet_passes: frozenset[str]
    holds_on_days_off: bool
    max_alerts: int
    max_bytes: int
    retries: int
    retry_wait_seconds: int

    @property
    def url(self) -> str:
        """The address; empty when its variable is not set."""
        return os.environ.get(self.url_variable, "").strip()

    def wants(self, event: str, severity: str, notify_role: str | None) -> bool:
        """Tell whether this is told here at all."""
        kind = "opened" if event == "reopened" else event
        return (
            kind in self.events
            and severity in self.severities
            and (not self.notify_roles or notify_role in self.notify_roles)
        )

    def holds(self, event: str, severity: str, local: datetime, is_day_off: bool) -> str | None:
        """Return why it waits at this moment of business time (a key of texts.yml), None when it may go.

        Quiet hours are half-open: their first minute waits, the minute of their end does not.
        """
        if event in CALLS_FOR_ACTION and severity in self.quiet_passes:
            return None
        if self.holds_on_days_off and is_day_off:
            return "notify.day_off"
        return "notify.quiet" if self._is_quiet(local.time()) else None

    def _is_quiet(self, now: time) -> bool:
        start, end = self.quiet_from, self.quiet_to
        if start is None or end is None:
            return False
        return start <= now < end if start < end else now >= start or now < end


def read_channels(labels: Labels) -> list[Channel]:
    """Return the channels in force on the published day-end, by rule id."""
    rows = labels.rules_of("rule_anomaly__notifications")
    channels = [_channel(row, labels) for row in rows]
    return sorted(channels, key=lambda channel: channel.rule_id)


def has_addresses(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether any variable of a channel is set."""
    return bool(set_variables(environment))


def set_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the names of the set variables that may hold an address."""
    names = (name for name in environment if name.startswith(VARIABLE_PREFIX))
    return sorted(name for name in names if environment[name].strip())


def _channel(row: dict[str, Any], labels: Labels) -> Channel:
    return Channel(
        rule_id=row["rule_id"],
        label=labels.rule(None, row["rule_id"]).label,
        service=row["service"],
        url_variable=row["url_variable"],
        severities=_codes(row["severities"]),
        events=_codes(row["events"]),
        notify_roles=_codes(row["notify_roles"]),
        language=row["language"],
        quiet_from=_time(row["quiet_from"]),
        quiet_to=_time(row["quiet_to"]),
        quiet_passes=_codes(row["quiet_passes"]),
        holds_on_days_off=int(row["holds_on_days_off"]) == 1,
        max_alerts=int(row["max_alerts"]),
        max_bytes=int(row["max_bytes"]),
        retries=int(row["retries"]),
        retry_wait_seconds=int(row["retry_wait_seconds"]),
    )


def _codes(text: str | None) -> frozenset[str]:
    return frozenset(filter(None, re.split(r"[|]", text or "")))


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
