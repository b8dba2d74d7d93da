"""What a message says: one paragraph per alert, and as many of them in one message as the channel takes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from orchestration.notifying.channels import RANKS, Channel
from orchestration.notifying.news import GONE, Event, short_id
from orchestration.notifying.outbox import Notice
from orchestration.reporting.labels import Labels, Language, sentence

# Names come from web forms: their signs must call nobody (@all), link nowhere and end no line.
_SIGNS = str.maketrans("<>@[]*_`~#|\\:", "＜＞＠［］＊＿｀～＃｜＼：")
_MOST_OF_A_NAME = 40


@dataclass(frozen=True)
class Message:
    """One message to one channel."""

    title: str
    body: str
    notices: tuple[Notice, ...]


def paragraph(event: Event, labels: Labels) -> str:
    """Return what is said about one event; the same event is always said with the same id."""
    alert, facts, text = event.alert, event.alert.facts, labels.text
    opened, closed = (labels.day(day) for day in (alert.opened_on, alert.closed_on))
    name, company = _plain(facts["person_name"]), _plain(facts["company_name"])
    who = text("notify.lead", name=name, company=company) if name and company else name or company
    score = facts["score"]
    standing = [
        who or _subject(facts, labels),
        text("notify.band", band=facts["band"], score=score) if score is not None else "",
    ]
    reason = [
        labels.rule(facts["rule_key"]).label,
        text("alerts.points", points=labels.points(facts["points_milli"], 1, sign=True))
        if facts["points_milli"]
        else "",
        _cause(facts["cause"], labels),
    ]
    whom = [
        text("notify.opened_on", day=opened)
        if alert.is_open
        else text("notify.closed_on", opened=opened, closed=closed),
        text("notify.owner", owner=_plain(facts["owner_name"])) if facts["owner_name"] else "",
        text("notify.to", role=labels.owner(event.role)) if event.role else "",
    ]
    said = text("notify.reopened") if event.event == "reopened" else labels.term(event.event, "alert_event")
    if event.says_overdue:
        said = text("notify.overdue")
    lines = [
        text(
            "notify.head",
            severity=labels.term(event.severity, "alert_severity"),
            kind=labels.term(alert.alert_kind, "alert_kind"),
            event=said,
        ),
        *(labels.join(list(filter(None, parts))) for parts in (standing, reason, whom)),
        text("notify.id", id=short_id(event.event_id), lead=facts["lead_id"])
        if facts["lead_id"]
        else text("notify.number", id=short_id(event.event_id)),
    ]
    return "\n".join(lines)


def pack(notices: Iterable[Notice], channel: Channel, lang: Language, day: date) -> list[Message]:
    """Return the messages that tell these notices, gravest first; none is longer than the channel takes."""
    ordered = sorted(notices, key=lambda notice: (-RANKS[notice.severity], notice.alert_id, notice.number))
    room = channel.max_bytes - _size(_title(lang, channel.max_alerts, day, 999, 999)) - 2
    parts: list[list[Notice]] = []
    left = -1
    for notice in ordered:
        size = _size(_said(notice, lang)) + 2
        if left < size or len(parts[-1]) >= channel.max_alerts:
            parts.append([])
            left = room
        parts[-1].append(notice)
        left -= size
    return [
        Message(
            _title(lang, len({notice.alert_id for notice in part}), day, number, len(parts)),
            "\n\n".join(_said(notice, lang) for notice in part),
            tuple(part),
        )
        for number, part in enumerate(parts, 1)
    ]


def _title(lang: Language, n: int, day: date, part: int, parts: int) -> str:
    title = sentence(lang, "notify.title", n=n, day=day.isoformat())
    return title + (sentence(lang, "notify.part", part=part, parts=parts) if parts > 1 else "")


def _said(notice: Notice, lang: Language) -> str:
    return "\n".join([notice.words, sentence(lang, "notify.repeat")]) if notice.is_repeat else notice.words


def _subject(facts: Mapping[str, Any], labels: Labels) -> str:
    if facts["lead_id"]:
        return labels.text("notify.nameless", lead=facts["lead_id"])
    kind = labels.term(facts["subject_kind"], "alert_subject")
    return labels.text("notify.subject", kind=kind, key=_plain(facts["subject_key"]))


def _cause(cause: str | None, labels: Labels) -> str:
    if not cause:
        return ""
    if cause == GONE:
        return labels.text("notify.gone")
    return labels.text("notify.cause", cause=labels.term(cause, "alert_cause"))


def _plain(value: Any) -> str:
    """Return a name as harmless text on one line."""
    visible = "".join(
        " " if char.isspace() else char
        for char in str(value or "")
        if char.isspace() or not unicodedata.category(char).startswith("C")
    )
    text = " ".join(visible.split()).translate(_SIGNS)
    return text if len(text) <= _MOST_OF_A_NAME else text[: _MOST_OF_A_NAME - 1] + "…"


def _size(text: str) -> int:
    return len(text.encode("utf-8"))
