"""What every section draws on: the open serving file, the words, the day-end, parts of charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from orchestration.reporting.charts import Part
from orchestration.reporting.labels import Labels, Language
from orchestration.reporting.serving import DayEnd, Row, Serving

COMPARE_DAY_ENDS = 7
HISTORY_DAYS = 30
SLA_WINDOW_DAYS = 30

FATES = ("accepted", "unchanged", "duplicate", "merged", "quarantined", "rejected")
LEVELS = ("high", "medium", "low", "unknown")
CLOCK_NEEDS = ("form_submissions", "sales_activities")


@dataclass
class Sources:
    """The open serving file, the words, the day-end and the scope that the figures are about."""

    serving: Serving
    labels: Labels
    day_end: DayEnd
    day_ends: list[date]
    feeds: set[str]
    scope: str

    @property
    def before(self) -> date | None:
        """The day-end to compare with: seven before, else the oldest there is."""
        earlier = self.day_ends[:-1]
        return earlier[-min(COMPARE_DAY_ENDS, len(earlier))] if earlier else None

    @property
    def series_from(self) -> date:
        """The first of the day-ends in a row that end with this one, at most 30."""
        first = self.day_end.as_of_date
        for day in reversed(self.day_ends):
            if (self.day_end.as_of_date - day).days < HISTORY_DAYS and (first - day).days <= 1:
                first = day
        return first

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters that the queries may name."""
        at, days = self.day_end.as_of_at, timedelta(days=1)
        return {
            "scope": self.scope,
            "as_of_date": self.day_end.as_of_date,
            "as_of_at": at,
            "from_date": self.series_from,
            "from_at": at - SLA_WINDOW_DAYS * days,
            "before_at": at - COMPARE_DAY_ENDS * days,
            "before_from_at": at - (SLA_WINDOW_DAYS + COMPARE_DAY_ENDS) * days,
            "since_on": self.day_end.as_of_date - COMPARE_DAY_ENDS * days,
        }

    def rows(self, query: str, **more: Any) -> list[Row]:
        """Run a query with the common parameters and those given."""
        return self.serving.rows(query, **{**self.parameters, **more})

    def missing(self, *feeds: str) -> str:
        """Say which feeds would have to be connected; empty when all of them bring records."""
        lacking = [feed for feed in dict.fromkeys(feeds) if feed not in self.feeds]
        names = self.labels.join([self.labels.feed(feed) for feed in lacking])
        return self.labels.text("report.not_measurable", feeds=names) if lacking else ""


@dataclass
class PeriodSources(Sources):
    """The same, about a period: its parameters are those of the queries that compare two periods."""

    period_parameters: dict[str, Any]

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters that the queries may name."""
        return {**super().parameters, **self.period_parameters}

    @property
    def has_end(self) -> bool:
        """Tell whether a day-end of the period is in the quality series."""
        return self.period_parameters["end_on"] is not None

    @property
    def has_before(self) -> bool:
        """Tell whether a day-end before the period is in the quality series."""
        return self.period_parameters["before_end_on"] is not None

    def lacking(self, *marts: str) -> str:
        """Say which marts this serving file does not have yet; empty when it has them all."""
        names = [mart for mart in marts if not self.serving.has(mart)]
        return self.labels.text("period.needs_mart", marts=self.labels.join(names)) if names else ""


def open_sources(serving: Serving, lang: Language) -> Sources:
    """Read the day-end and the words of a language; raises NotPublishedError when nothing is published.

    The figures are about B2B leads; a house without any B2B lead gets the same figures about its B2C leads.
    """
    day_end = serving.day_end()
    labels = Labels(lang, serving, day_end)
    days = [row["as_of_date"] for row in serving.rows("day_ends", as_of_date=day_end.as_of_date)]
    fates = serving.rows("fates", as_of_date=day_end.as_of_date)
    feeds = {row["feed"] for row in fates if row["records"] > row["rejected"]}
    scopes = {row["scope"] for row in serving.rows("scopes")}
    return Sources(serving, labels, day_end, days, feeds, "b2c" if scopes == {"b2c"} else "b2b")


def band_order(sources: Sources) -> list[tuple[str, str, int]]:
    """Return the bands of the total score, best first: code, style class, lower edge in milli-points."""
    rules = [row for row in sources.labels.rules_of("scoring__bands") if row.get("band_set") == "total"]
    rules.sort(key=lambda row: -int(float(row["lower_pct"])))
    return [
        (row["band"], f"b{min(place, 5)}", int(float(row["lower_pct"])) * 1000)
        for place, row in enumerate(rules, 1)
    ]


def band_parts(sources: Sources, leads: dict[str, int]) -> list[Part]:
    """Return leads by band as parts of a bar, best band first, unscored last."""
    known = band_order(sources)
    styles = {code: style for code, style, _ in known}
    codes = [code for code, _, _ in known] + sorted(set(leads) - set(styles))
    label = sources.labels
    return [
        Part(label.term(code, "score_band"), leads.get(code, 0), styles.get(code, "none")) for code in codes
    ]


def level_parts(labels: Labels, leads: dict[str, int]) -> list[Part]:
    """Return leads by maturity level as parts of a bar."""
    styles = {"high": "b1", "medium": "b3", "low": "b4", "unknown": "none"}
    return [
        Part(labels.term(level, "maturity_level"), leads[level], styles[level])
        for level in LEVELS
        if leads.get(level)
    ]


def fate_parts(labels: Labels, row: Row) -> list[Part]:
    """Return records by fate as parts of a bar."""
    return [Part(labels.term(fate, "record_fate"), row[fate], f"r-{fate}") for fate in FATES]


def mean(score_milli_sum: int, leads: int) -> int | None:
    """Return the mean of whole numbers, rounded half up; None for nothing."""
    return (2 * score_milli_sum + leads) // (2 * leads) if leads else None


def spoken(labels: Labels, name: str, parts: list[Part]) -> str:
    """Return a bar in words, for those who do not see it."""
    said = labels.join([f"{part.label} {labels.count(part.value)}" for part in parts if part.value])
    return labels.text("breakdown.desc", name=name, parts=said)
