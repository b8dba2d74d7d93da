"""The weekly and monthly report: a period beside the one before it, from the serving file alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from orchestration.reporting import (
    period_findings,
    period_hand_over,
    period_outcomes,
    period_pack,
    period_sections,
)
from orchestration.reporting.labels import Language
from orchestration.reporting.period_story import what_changed
from orchestration.reporting.report import TEMPLATES, environment
from orchestration.reporting.serving import open_serving
from orchestration.reporting.sources import PeriodSources, open_sources
from orchestration.warehouse.storage import replacing

Kind = Literal["week", "month"]
DAY = timedelta(days=1)
MOST_SPLIT_DAYS = 90


class NoSuchPeriodError(ValueError):
    """The day asked for is not within what is published; the message says what is."""


@dataclass(frozen=True)
class Period:
    """A week from Monday or a calendar month; `until` is its last day that the day-end has seen."""

    kind: Kind
    first: date
    last: date
    until: date

    @property
    def is_complete(self) -> bool:
        """Tell whether the day-end has seen all of it."""
        return self.until == self.last

    @property
    def name(self) -> str:
        """The period as part of a file name."""
        return f"{self.first:%Y-%m}" if self.kind == "month" else self.first.isoformat()

    @property
    def before(self) -> Period:
        """The period before it, which is complete."""
        first, last = _bounds(self.kind, self.first - DAY)
        return Period(self.kind, first, last, last)


def period_of(kind: Kind, as_of: date, on: date | None = None) -> Period:
    """Return the period that contains a day, else the last one that the day-end completes.

    Raises:
        NoSuchPeriodError: the day is later than the day-end.
    """
    if on is None:
        first, last = _bounds(kind, as_of)
        if last > as_of:
            first, last = _bounds(kind, first - DAY)
        return Period(kind, first, last, last)
    if on > as_of:
        raise NoSuchPeriodError(f"{on} is later than the published day-end {as_of}.")
    first, last = _bounds(kind, on)
    return Period(kind, first, last, min(last, as_of))


def completed_since(before: date | None, as_of: date) -> list[Kind]:
    """Return the kinds of period that a day-end completes, which no earlier published one had completed.

    Args:
        before: the newest day-end published before; None: only a period that ends on the day itself counts.
        as_of: the day-end.
    """
    kinds: list[Kind] = []
    for kind in ("week", "month"):
        last = period_of(kind, as_of).last
        if last == as_of or (before is not None and before < last):
            kinds.append(kind)
    return kinds


def write_period_report(
    serving_path: Path,
    out_dir: Path,
    lang: Language,
    kind: Kind,
    on: date | None = None,
    split: date | None = None,
) -> Path:
    """Write `quality_<week|month>_<period>.<lang>.html` into a folder and return its path.

    Reads only the serving file, read-only. The page needs no network; the same file gives the same bytes.
    Raises NotPublishedError when nothing is published, NoSuchPeriodError when a day is not within it.
    """
    name, html = render_period(serving_path, lang, kind, on, split)
    target = out_dir / f"quality_{kind}_{name}.{lang}.html"
    with replacing(target) as draft:
        draft.write_bytes(html.encode("utf-8"))
    return target


def render_period(
    serving_path: Path, lang: Language, kind: Kind, on: date | None = None, split: date | None = None
) -> tuple[str, str]:
    """Return the period as part of a file name and the page as HTML; raises as write_period_report does."""
    with open_serving(serving_path) as serving:
        base = open_sources(serving, lang)
        as_of = base.day_end.as_of_date
        period = period_of(kind, as_of, on)
        sources = PeriodSources(**vars(base), period_parameters=_parameters(base, period))
        content = _content(sources, period, _split(split, as_of))
    return period.name, environment().get_template("period.html.j2").render(**content)


def _content(sources: PeriodSources, period: Period, split: dict[str, Any] | None) -> dict[str, Any]:
    labels, text = sources.labels, sources.labels.text
    totals = period_sections.outcomes_rows(sources)
    sections = [
        period_sections.distribution(sources),
        period_sections.channels(sources),
        period_sections.industries(sources),
        period_sections.matrix(sources),
        period_sections.funnel(sources),
        period_sections.contents(sources),
        period_outcomes.costs(sources),
        period_hand_over.hand_over(sources),
        period_pack.load(sources),
        period_pack.clocks(sources),
        period_pack.alerts(sources),
        period_pack.rules(sources),
        period_pack.completeness(sources),
        period_outcomes.outcomes(sources, split),
        period_findings.findings(sources),
    ]
    span = text("period.span", first=labels.day(period.first), last=labels.day(period.last))
    return {
        "lang": labels.lang,
        "t": text,
        "labels": labels,
        "css": Markup(
            "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "period.css"))
        ),
        "title": text(f"period.title_{period.kind}"),
        "company": sources.day_end.company_name,
        "span": span
        if period.is_complete
        else f"{span}{text('period.so_far', date=labels.day(period.until))}",
        "is_complete": period.is_complete,
        "facts": [
            (text("report.day_end"), labels.day(sources.day_end.as_of_date), False),
            (text("report.known_until"), labels.instant(sources.day_end.known_until_at), False),
            (text("period.compared"), _compared(sources, period), False),
            (text("report.ruleset"), sources.day_end.ruleset_hash[:8], True),
            (text("report.code"), sources.day_end.git_commit[:8], True),
        ],
        "tiles": period_sections.tiles(sources, totals),
        "story": what_changed(sources, totals),
        "sections": sections,
        "zone": text("report.time_zone", zone=str(sources.day_end.zone)),
    }


def _compared(sources: PeriodSources, period: Period) -> str:
    before = period.before
    return sources.labels.text(
        "period.span", first=sources.labels.day(before.first), last=sources.labels.day(before.last)
    )


def _parameters(sources: Any, period: Period) -> dict[str, Any]:
    before = period.before
    zone = sources.day_end.zone

    def at(day: date) -> datetime:
        return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)

    found = {
        "period_kind": period.kind,
        "first_on": period.first,
        "until_on": period.until,
        "before_first_on": before.first,
        "before_until_on": before.until,
        "from_at": at(period.first),
        "to_at": at(period.until + DAY),
        "before_from_at": at(before.first),
        "before_to_at": at(before.until + DAY),
        "series_from_on": _series_from(period),
    }
    days = sources.serving.rows("period_day_ends", **{**sources.parameters, **found})[0]
    return {**found, **days}


def _series_from(period: Period) -> date:
    if period.kind == "week":
        return period.first - 12 * 7 * DAY
    first = period.first
    for _ in range(12):
        first = (first - DAY).replace(day=1)
    return first


def _split(split: date | None, as_of: date) -> dict[str, Any] | None:
    if split is None:
        return None
    if split > as_of:
        raise NoSuchPeriodError(f"{split} is later than the published day-end {as_of}.")
    return {"split_on": split, "split_days": min((as_of - split).days + 1, MOST_SPLIT_DAYS)}


def _bounds(kind: Kind, day: date) -> tuple[date, date]:
    if kind == "week":
        first = day - day.weekday() * DAY
        return first, first + 6 * DAY
    first = day.replace(day=1)
    return first, (first + 31 * DAY).replace(day=1) - DAY
