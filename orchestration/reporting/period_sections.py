"""The leads of a period beside those of the one before: distribution, channels, funnel, content."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from markupsafe import Markup

from orchestration.reporting import charts
from orchestration.reporting.blocks import Cell, Column, Section, Table, money, moved, name
from orchestration.reporting.serving import Row
from orchestration.reporting.sources import PeriodSources, band_order, band_parts, mean, spoken

OUTCOMES = ("rpt_outcomes", "fct_lead_lifecycle")
LEAD_FEEDS = ("crm_leads", "form_submissions")
MOST_GROUPS = 10
MOST_CHANNELS, MOST_INDUSTRIES = 8, 7
MOST_CONTENTS = 10
MOST_CAMPAIGNS = 12
MOST_FLOWS = 8
LADDER = (
    ("leads", "captured"),
    ("leads_valid", "valid"),
    ("leads_mql", "mql"),
    ("leads_sal", "sal"),
    ("leads_sql", "sql"),
    ("leads_opportunity", "opportunity"),
    ("leads_won", "customer"),
)


def best_bands(sources: PeriodSources) -> list[str]:
    """Return the two best bands."""
    return [*[code for code, _, _ in band_order(sources)], "A", "B"][:2]


def outcomes_rows(sources: PeriodSources) -> dict[str, Row]:
    """Return the totals of the period and of the one before as `now` and `before`, empty without any."""
    if sources.lacking(*OUTCOMES):
        return {"now": {}, "before": {}}
    rows = sources.rows("period_outcomes", breakdown="all")
    first = sources.period_parameters["first_on"]
    return {
        "now": next((row for row in rows if row["period_from"] == first), {}),
        "before": next((row for row in rows if row["period_from"] != first), {}),
    }


def tiles(sources: PeriodSources, outcomes: dict[str, Row]) -> list[dict[str, Any]]:
    """The figures at the top, each with its change."""
    labels, text = sources.labels, sources.labels.text
    now, before = outcomes["now"], outcomes["before"]
    months = [] if sources.lacking(*OUTCOMES) else sources.rows("period_months")

    def tile(key: str, field: str, note: str = "") -> dict[str, Any]:
        change = now.get(field, 0) - before.get(field, 0)
        return {
            "label": text(f"period.tile_{key}"),
            "value": labels.count(now.get(field, 0)),
            "change": labels.signed(change),
            "way": "up" if change > 0 else "down" if change < 0 else "same",
            "note": note,
            "chart": charts.sparkline([row[field] for row in months], text(f"period.tile_{key}")),
        }

    return [
        tile("leads", "leads"),
        tile(
            "valid",
            "leads_valid",
            text("period.of_leads", share=labels.share(now.get("leads_valid", 0), now.get("leads", 0))),
        ),
        tile("handed_over", "handed_over"),
        tile(
            "accepted",
            "accepted",
            text(
                "period.rate",
                share=labels.share(
                    now.get("handed_over_accepted", 0),
                    now.get("handed_over_accepted", 0) + now.get("handed_over_returned", 0),
                ),
            ),
        ),
        tile("deals_opened", "deals_opened"),
        tile("deals_won", "deals_won"),
        {
            "label": text("period.tile_cost"),
            "value": money(now.get("cost_per_valid_fen"), labels),
            "change": _money_change(now.get("cost_per_valid_fen"), before.get("cost_per_valid_fen")),
            "way": "same",
            "note": text("period.spent", amount=money(now.get("spent_fen"), labels)),
            "chart": charts.sparkline(
                [row["cost_per_valid_fen"] or 0 for row in months], text("period.tile_cost")
            ),
        },
    ]


def _money_change(now: int | None, before: int | None) -> str:
    if now is None or before is None:
        return ""
    yuan = (now + 50) // 100 - (before + 50) // 100
    return f"{yuan:+,}".replace("-", "−") if yuan else "±0"


def distribution(sources: PeriodSources) -> Section:
    """Leads by score band at the end of the period, and how they moved."""
    labels, text = sources.labels, sources.labels.text
    section = Section("bands", text("bands.title"))
    if not sources.has_end:
        return section.add("empty", text("period.needs_end"))
    by_day = _by_day(sources)
    end, start = sources.period_parameters["end_on"], sources.period_parameters["before_end_on"]
    now = band_parts(sources, by_day.get(end, {}))
    before = {part.label: part.value for part in band_parts(sources, by_day.get(start, {}))}
    leads, leads_before = sum(part.value for part in now), sum(before.values())
    section.add("p", _compared_days(sources))
    section.add("legend", [part for part in now if part.value])
    section.add(
        "chart",
        charts.stack_bar(now, spoken(labels, text("bands.distribution"), now), whole=leads, height=26),
    )
    rows: list[list[Cell]] = []
    for part in now:
        if part.value or before.get(part.label):
            rows.append(
                [
                    part.label,
                    labels.count(part.value),
                    labels.share(part.value, leads),
                    moved(part.value, before.get(part.label) if sources.has_before else None, labels),
                    _share_change(sources, part.value, leads, before.get(part.label, 0), leads_before),
                ]
            )
    section.add(
        "table",
        Table(
            [
                Column(text("bands.band")),
                Column(text("bands.leads"), "n"),
                Column(text("bands.share"), "n"),
                Column(text("bands.change"), "n"),
                Column(text("period.share_change"), "n"),
            ],
            rows,
            "compact",
            keep=True,
        ),
    )
    days = sorted(by_day)
    if len(days) > 2:
        section.add("h3", text("period.bands_course"))
        section.add(
            "chart",
            charts.columns(
                [labels.day(day) for day in days],
                [band_parts(sources, by_day[day]) for day in days],
                text("period.bands_course"),
                text(
                    "bands.movement_desc", n=len(days), first=labels.day(days[0]), last=labels.day(days[-1])
                ),
                height=210,
            ),
        )
    return section


def _by_day(sources: PeriodSources) -> dict[date, dict[str, int]]:
    by_day: dict[date, dict[str, int]] = defaultdict(dict)
    for row in sources.rows("period_bands"):
        by_day[row["as_of_date"]][row["band"]] = row["leads"]
    return by_day


def _compared_days(sources: PeriodSources) -> str:
    labels, at = sources.labels, sources.period_parameters
    if not sources.has_before:
        return labels.text("period.at_day_end", end=labels.day(at["end_on"]))
    return labels.text(
        "period.at_day_ends", end=labels.day(at["end_on"]), before=labels.day(at["before_end_on"])
    )


def _share_change(sources: PeriodSources, part: int, whole: int, part_0: int, whole_0: int) -> str:
    labels = sources.labels
    if not (sources.has_before and whole and whole_0):
        return labels.text("report.none")
    tenths = (2000 * part + whole) // (2 * whole) - (2000 * part_0 + whole_0) // (2 * whole_0)
    shown = f"{abs(tenths) // 10}.{abs(tenths) % 10}"
    return f"+{shown}" if tenths > 0 else f"−{shown}" if tenths < 0 else "±0"


def channels(sources: PeriodSources) -> Section:
    """Bands by source channel, with their movement."""
    return _breakdown(sources, "channels", "channel")


def industries(sources: PeriodSources) -> Section:
    """Bands by industry, with their movement."""
    return _breakdown(sources, "industries", "industry")


def _breakdown(sources: PeriodSources, key: str, part: str) -> Section:
    labels, text = sources.labels, sources.labels.text
    section = Section(key, text(f"{key}.title"), starts_page=part == "channel")
    if not sources.has_end:
        return section.add("empty", text("period.needs_end"))
    end = sources.period_parameters["end_on"]
    best = set(best_bands(sources))
    groups: dict[str, dict[str, Any]] = defaultdict(
        lambda: {
            "bands": {},
            "leads": 0,
            "sum": 0,
            "mqls": 0,
            "leads_0": 0,
            "sum_0": 0,
            "best": 0,
            "best_0": 0,
        }
    )
    for row in sources.rows("period_quality", part=part):
        group, suffix = groups[row["code"]], "" if row["as_of_date"] == end else "_0"
        group[f"leads{suffix}"] += row["leads"]
        group[f"sum{suffix}"] += row["score_milli_sum"]
        if row["band"] in best:
            group[f"best{suffix}"] += row["leads"]
        if not suffix:
            group["bands"][row["band"]] = row["leads"]
            group["mqls"] += row["mqls"]
    ranked = sorted(groups.items(), key=lambda item: (-item[1]["leads"], item[0]))
    if not ranked:
        return section.add("empty", sources.missing(*LEAD_FEEDS) or text("period.nothing"))
    shown = [(_code(sources, part, code), group) for code, group in ranked[:MOST_GROUPS]]
    if len(ranked) > MOST_GROUPS:
        rest = [group for _, group in ranked[MOST_GROUPS:]]
        folded: dict[str, Any] = {
            field: sum(group[field] for group in rest) for field in rest[0] if field != "bands"
        }
        folded["bands"] = {
            band: sum(group["bands"].get(band, 0) for group in rest)
            for group in rest
            for band in group["bands"]
        }
        shown.append((text("report.other", n=len(rest)), folded))
    widest = max(group["leads"] for _, group in shown)
    rows: list[list[Cell]] = []
    for label, group in shown:
        parts = band_parts(sources, group["bands"])
        average, average_0 = mean(group["sum"], group["leads"]), mean(group["sum_0"], group["leads_0"])
        rows.append(
            [
                label,
                charts.stack_bar(parts, spoken(labels, label, parts), whole=widest),
                labels.count(group["leads"]),
                moved(group["leads"], group["leads_0"] if sources.has_before else None, labels),
                labels.points(average, 1),
                _points_change(sources, average, average_0),
                labels.share(group["best"], group["leads"]),
                _share_change(sources, group["best"], group["leads"], group["best_0"], group["leads_0"]),
                labels.count(group["mqls"]),
            ]
        )
    legend = band_parts(sources, {code: 1 for group in groups.values() for code in group["bands"]})
    section.add("legend", [one for one in legend if one.value])
    return section.add(
        "table",
        Table(
            [
                Column(text(f"{key}.name"), "name"),
                Column(text("breakdown.bar"), "chart"),
                Column(text("breakdown.leads"), "n"),
                Column(text("bands.change"), "n"),
                Column(text("breakdown.mean"), "n"),
                Column(text("bands.change"), "n"),
                Column(text("period.best_share", bands="+".join(sorted(best))), "n"),
                Column(text("bands.change"), "n"),
                Column(text("breakdown.mqls"), "n"),
            ],
            rows,
            "bars",
        ),
    )


def _points_change(sources: PeriodSources, now: int | None, before: int | None) -> str:
    labels = sources.labels
    if now is None or before is None or not sources.has_before:
        return labels.text("report.none")
    change = now - before
    return "±0" if abs(change) < 50 else labels.points(change, 1, sign=True)


def _code(sources: PeriodSources, part: str, code: str) -> str:
    labels = sources.labels
    return labels.source_channel(code) if part == "channel" else labels.term(code, "industry")


def matrix(sources: PeriodSources) -> Section:
    """Leads of the best bands by channel and industry."""
    labels, text = sources.labels, sources.labels.text
    best = best_bands(sources)
    section = Section("matrix", text("period.matrix_title", bands="+".join(best)))
    found = sources.rows("period_matrix", best=best) if sources.has_end else []
    if not found:
        return section.add("empty", text("period.needs_end"))
    leads: dict[tuple[str, str], int] = {
        (row["source_channel"], row["industry"]): row["leads"] for row in found
    }
    good: dict[tuple[str, str], int] = {
        (row["source_channel"], row["industry"]): row["best"] for row in found
    }

    def largest(place: int, most: int) -> list[str]:
        sums: dict[str, int] = defaultdict(int)
        for key, count in leads.items():
            sums[key[place]] += count
        return [code for code, _ in sorted(sums.items(), key=lambda item: (-item[1], item[0]))][:most]

    rows_of, columns_of = largest(0, MOST_CHANNELS), largest(1, MOST_INDUSTRIES)
    most = max((good.get((c, i), 0) for c in rows_of for i in columns_of), default=0)
    rows: list[list[Cell]] = []
    for channel in rows_of:
        cells: list[Cell] = [labels.source_channel(channel)]
        for industry in columns_of:
            n, k = leads.get((channel, industry), 0), good.get((channel, industry), 0)
            cells.append(
                Markup(
                    '<span class="heat" style="--heat:{}%"><b>{}</b> <span class="muted">/ {}</span></span>'
                ).format(100 * k // most if most else 0, labels.count(k), labels.count(n))
                if n
                else Markup('<span class="zero">·</span>')
            )
        rows.append(cells)
    section.add("small", text("period.matrix_note", bands="+".join(best)))
    return section.add(
        "table",
        Table(
            [
                Column(text("channels.name")),
                *[Column(labels.term(code, "industry"), "n wrap") for code in columns_of],
            ],
            rows,
            "heatmap",
            keep=True,
        ),
    )


def funnel(sources: PeriodSources) -> Section:
    """How far the leads of the period came, how long it took, and who moved between statuses."""
    labels, text = sources.labels, sources.labels.text
    section = Section("funnel", text("period.funnel_title"))
    lacking = sources.lacking(*OUTCOMES)
    outcomes = outcomes_rows(sources)
    now, before = outcomes["now"], outcomes["before"]
    if lacking or not now:
        return section.add("empty", lacking or sources.missing(*LEAD_FEEDS) or text("period.nothing"))
    section.add("small", text("period.funnel_note"))
    rows: list[list[Cell]] = []
    whole, step_before = now["leads"], 0
    for field, status in LADDER:
        label = labels.term(status, "lifecycle_status")
        n = now[field]
        rows.append(
            [
                label,
                charts.plain_bar(n, max(whole, 1), f"{label}: {labels.count(n)}"),
                labels.count(n),
                labels.share(n, whole),
                labels.share(n, step_before) if step_before else "",
                labels.count(before.get(field)) if before else text("report.none"),
                labels.share(before[field], before["leads"]) if before else text("report.none"),
            ]
        )
        step_before = n
    section.add(
        "table",
        Table(
            [
                Column(text("lifecycle.status"), "name"),
                Column(text("period.reached"), "chart"),
                Column(text("breakdown.leads"), "n"),
                Column(text("period.of_captured"), "n"),
                Column(text("lifecycle.step"), "n"),
                Column(text("period.before"), "n"),
                Column(text("period.before_share"), "n"),
            ],
            rows,
            "bars",
            keep=True,
        ),
    )
    section.add("h3", text("period.days_title"))
    ways = ("to_hand_over", "to_first_work", "to_accept", "to_win")
    section.add(
        "table",
        Table(
            [Column(text("period.way")), Column(text("period.now"), "n"), Column(text("period.before"), "n")],
            [
                [
                    text(f"period.way_{way}"),
                    days_or_none(sources, now[f"median_days_{way}"]),
                    days_or_none(sources, before.get(f"median_days_{way}")),
                ]
                for way in ways
            ],
            "compact",
            keep=True,
        ),
    )
    section.add("h3", text("period.flows_title"))
    flows = (
        sources.rows("period_flows", rows=MOST_FLOWS) if sources.serving.has("fct_status_transitions") else []
    )
    if not flows:
        return section.add("empty", text("period.needs_record"))
    return section.add(
        "table",
        Table(
            [
                Column(text("period.from_status")),
                Column(text("period.to_status")),
                Column(text("period.moves"), "n"),
            ],
            [
                [
                    labels.term(row["from_status"], "lifecycle_status"),
                    labels.term(row["to_status"], "lifecycle_status"),
                    labels.count(row["moves"]),
                ]
                for row in flows
            ],
            "compact",
            keep=True,
        ),
    )


def days_or_none(sources: PeriodSources, days: int | None) -> str:
    """Return a number of days in words, a dash for none."""
    return sources.labels.text("report.none") if days is None else sources.labels.days(days)


def contents(sources: PeriodSources) -> Section:
    """Quality by first content and by first campaign, of the leads captured in the period."""
    labels, text = sources.labels, sources.labels.text
    section = Section("contents", text("period.contents_title"))
    lacking = sources.lacking(*OUTCOMES)
    if lacking:
        return section.add("empty", lacking)
    best = best_bands(sources)
    section.add("small", text("period.contents_note"))
    for key, query, most, feeds in (
        ("content", "period_by_content", MOST_CONTENTS, ("content_items", "content_downloads", "web_events")),
        ("campaign", "period_by_campaign", MOST_CAMPAIGNS, ("campaigns",)),
    ):
        if key == "campaign" and sources.lacking("dim_campaigns"):
            section.add("empty", sources.lacking("dim_campaigns"))
            continue
        found = sources.rows(query, best=best, rows=most)
        known = [row for row in found if row["code"] not in (None, "unknown")]
        section.add("h3", text(f"period.by_{key}"))
        if not known:
            section.add("empty", sources.missing(*feeds) or text("period.nothing"))
            continue
        rows: list[list[Cell]] = []
        for row in found:
            unnamed = row["code"] in (None, "unknown")
            rows.append(
                [
                    text(f"period.no_{key}") if unnamed else name(row["title"] or row["code"], labels),
                    labels.count(row["leads"]),
                    labels.share(row["valid"], row["leads"]),
                    labels.share(row["mqls"], row["leads"]),
                    labels.share(row["best"], row["leads"]),
                    labels.points(mean(row["score_milli_sum"], row["leads"]), 1),
                    labels.count(row["won"]),
                ]
            )
        section.add(
            "table",
            Table(
                [
                    Column(text(f"period.{key}"), "wide"),
                    Column(text("breakdown.leads"), "n"),
                    Column(text("period.valid"), "n"),
                    Column(text("breakdown.mqls"), "n"),
                    Column(text("period.best_share", bands="+".join(best)), "n"),
                    Column(text("breakdown.mean"), "n"),
                    Column(text("period.won"), "n"),
                ],
                rows,
            ),
        )
    return section
