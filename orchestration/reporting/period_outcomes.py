"""What the leads of a period cost and what came of them, beside the period before."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from orchestration.reporting.blocks import Cell, Column, Section, Table, money, name
from orchestration.reporting.period_sections import (
    MOST_CAMPAIGNS,
    OUTCOMES,
    best_bands,
    days_or_none,
    outcomes_rows,
)
from orchestration.reporting.serving import Row
from orchestration.reporting.sources import PeriodSources


def costs(sources: PeriodSources) -> Section:
    """What a valid lead, an MQL and a won deal cost, by campaign and by channel."""
    labels, text = sources.labels, sources.labels.text
    section = Section("costs", text("period.costs_title"))
    lacking = sources.lacking(*OUTCOMES, "dim_campaigns")
    if lacking:
        return section.add("empty", lacking)
    total = outcomes_rows(sources)
    now, before = total["now"], total["before"]
    if now.get("spent_fen") is None:
        return section.add("empty", sources.missing("campaigns") or text("period.no_cost"))
    kinds = ("valid", "mql", "won")
    section.add("small", text("period.costs_note"))

    def line(label: Cell, row: Row) -> list[Cell]:
        return [
            label,
            money(row.get("spent_fen"), labels),
            labels.count(row.get("leads", 0)),
            *[money(row.get(f"cost_per_{kind}_fen"), labels) for kind in kinds],
        ]

    heads = [
        Column(text("period.spent_head"), "n"),
        Column(text("breakdown.leads"), "n"),
        *[Column(text(f"period.cost_per_{kind}"), "n") for kind in kinds],
    ]
    by_channel = [
        row
        for row in sources.rows("period_outcomes", breakdown="source_channel")
        if row["period_from"] == sources.period_parameters["first_on"] and row["spent_fen"]
    ]
    by_channel.sort(key=lambda row: (-row["spent_fen"], row["member"]))
    section.add("h3", text("period.cost_by_channel"))
    section.add(
        "table",
        Table(
            [Column(text("channels.name"), "wide"), *heads],
            [line(labels.source_channel(row["member"]), row) for row in by_channel],
            foot=line(text("period.all_campaigns"), now),
        ),
    )
    section.add(
        "small",
        text(
            "period.cost_before",
            spent=money(before.get("spent_fen"), labels),
            valid=money(before.get("cost_per_valid_fen"), labels),
            mql=money(before.get("cost_per_mql_fen"), labels),
        ),
    )
    campaigns = [
        row
        for row in sources.rows("period_by_campaign", best=best_bands(sources), rows=1000)
        if row["spent_fen"]
    ]
    campaigns.sort(key=lambda row: (-row["spent_fen"], row["code"]))
    section.add("h3", text("period.cost_by_campaign"))
    return section.add(
        "table",
        Table(
            [Column(text("period.campaign"), "wide"), *heads],
            [line(name(row["title"] or row["code"], labels), row) for row in campaigns[:MOST_CAMPAIGNS]],
        ),
    )


def outcomes(sources: PeriodSources, split: dict[str, Any] | None) -> Section:
    """Outcomes against the period before, before and after a chosen date, inside and outside the profile."""
    labels, text = sources.labels, sources.labels.text
    section = Section("outcomes", text("period.outcomes_title"))
    lacking = sources.lacking(*OUTCOMES)
    if lacking:
        return section.add("empty", lacking)
    found = outcomes_rows(sources)
    now, before = found["now"], found["before"]
    minimum = least_for_verdict(sources)
    section.add("small", text("period.outcomes_note", n=minimum))
    section.add(
        "table",
        _comparison(
            sources, _measures(now), _measures(before), minimum, text("period.now"), text("period.before")
        ),
    )
    if split:
        section.add("h3", text("period.split_title", date=labels.day(split["split_on"])))
        sides = {row["side"]: row for row in sources.rows("period_split", **split)}
        heads = [
            text(
                "period.span", first=labels.day(sides[side]["from_on"]), last=labels.day(sides[side]["to_on"])
            )
            for side in ("after", "before")
        ]
        section.add("small", text("period.split_note", n=split["split_days"]))
        section.add(
            "table",
            _comparison(
                sources, _split_measures(sides["after"]), _split_measures(sides["before"]), minimum, *heads
            ),
        )
    profile = sources.rows("period_profile")
    if len(profile) > 1:
        all_leads, all_won = sum(row["leads"] for row in profile), sum(row["won"] for row in profile)
        section.add("h3", text("period.profile_title"))
        section.add("small", text("period.profile_note", n=profile[0]["threshold"]))
        section.add(
            "table",
            Table(
                [
                    Column(text("period.profile")),
                    Column(text("breakdown.leads"), "n"),
                    Column(text("bands.share"), "n"),
                    Column(text("breakdown.mqls"), "n"),
                    Column(text("period.won"), "n"),
                    Column(text("period.share_of_won"), "n"),
                    Column(text("period.win_rate"), "n"),
                    Column(text("period.way_to_win_days"), "n"),
                ],
                [
                    [
                        text("period.inside" if row["is_inside"] else "period.outside"),
                        labels.count(row["leads"]),
                        labels.share(row["leads"], all_leads),
                        labels.share(row["mqls"], row["leads"]),
                        labels.count(row["won"]),
                        labels.share(row["won"], all_won),
                        labels.share(row["won"], row["leads"]),
                        days_or_none(sources, row["median_days_to_win"]),
                    ]
                    for row in profile
                ],
                "compact",
                keep=True,
            ),
        )
    return section


def least_for_verdict(sources: PeriodSources) -> int:
    """Return how many leads a comparison needs on either side: a row of rule_anomaly__report_findings."""
    rows = [
        row for row in sources.labels.rules_of("anomaly__report_findings") if row.get("finding") == "verdict"
    ]
    return int(rows[0]["min_leads"]) if rows else 0


Measure = tuple[str, int | None, int | None]


def _measures(row: Row) -> list[Measure]:
    """Name, part and whole; a count has no whole, a median neither: its name says which it is."""
    get = row.get
    judged = (get("handed_over_accepted") or 0) + (get("handed_over_returned") or 0)
    return [
        ("leads", get("leads", 0), None),
        ("valid_rate", get("leads_valid", 0), get("leads", 0)),
        ("mql_rate", get("leads_mql", 0), get("leads", 0)),
        ("won_rate", get("leads_won", 0), get("leads", 0)),
        ("handed_over", get("handed_over", 0), None),
        ("utilisation", get("handed_over_worked", 0), get("handed_over", 0)),
        ("acceptance", get("handed_over_accepted", 0), judged),
        ("deals_opened", get("deals_opened", 0), None),
        ("deals_won", get("deals_won", 0), None),
        ("deals_lost", get("deals_lost", 0), None),
        ("days_first_work", get("median_days_to_first_work"), None),
        ("days_cycle", get("median_days_to_win"), None),
    ]


def _split_measures(row: Row) -> list[Measure]:
    return [
        ("leads", row["leads"], None),
        ("valid_rate", row["valid"], row["leads"]),
        ("handed_over", row["handed_over"], None),
        ("utilisation", row["worked"], row["handed_over"]),
        ("acceptance", row["accepted"], row["accepted"] + row["returned"]),
        ("deals_won", row["won"], None),
        ("days_accept", row["median_days_to_accept"], None),
        ("days_cycle", row["median_days_to_win"], None),
    ]


def _comparison(
    sources: PeriodSources,
    now: list[Measure],
    before: list[Measure],
    minimum: int,
    head: str,
    head_before: str,
) -> Table:
    text = sources.labels.text
    rows: list[list[Cell]] = []
    for (key, part, whole), (_, part_0, whole_0) in zip(now, before, strict=True):
        rows.append(
            [
                text(f"period.m_{key}"),
                _shown(sources, key, part, whole),
                _shown(sources, key, part_0, whole_0),
                _verdict(sources, key, (part, whole), (part_0, whole_0), minimum),
            ]
        )
    return Table(
        [
            Column(text("period.measure"), "wide"),
            Column(head, "n"),
            Column(head_before, "n"),
            Column(text("period.verdict")),
        ],
        rows,
        "compact",
        keep=True,
    )


def _shown(sources: PeriodSources, key: str, part: int | None, whole: int | None) -> Cell:
    labels = sources.labels
    if whole is None:
        return days_or_none(sources, part) if key.startswith("days_") else labels.count(part)
    return Markup('{} <span class="muted">{} / {}</span>').format(
        labels.share(part or 0, whole), labels.count(part), labels.count(whole)
    )


def _verdict(
    sources: PeriodSources,
    key: str,
    now: tuple[int | None, int | None],
    before: tuple[int | None, int | None],
    minimum: int,
) -> str:
    labels, text = sources.labels, sources.labels.text
    (part, whole), (part_0, whole_0) = now, before
    if whole is None:
        if key.startswith("days_") or part is None or part_0 is None:
            return ""
        return labels.signed(part - part_0)
    if min(whole, whole_0 or 0) < minimum:
        return text("period.too_few", n=minimum)
    tenths = (2000 * (part or 0) + whole) // (2 * whole) - (2000 * (part_0 or 0) + whole_0) // (2 * whole_0)
    shown = f"{abs(tenths) // 10}.{abs(tenths) % 10}"
    if not tenths:
        return text("period.same")
    return text("period.higher" if tenths > 0 else "period.lower", points=shown)
