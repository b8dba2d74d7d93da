"""The leads: bands, channels, industries, life cycle, stages, what changed. Rows with labels."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from markupsafe import Markup

from orchestration.reporting import charts
from orchestration.reporting.serving import Row
from orchestration.reporting.sources import (
    COMPARE_DAY_ENDS,
    LEVELS,
    Sources,
    band_order,
    band_parts,
    level_parts,
    mean,
    spoken,
)

MOST_GROUPS = 12
MOST_MOVERS = 6

STAGES = (
    "problem_recognition",
    "information_search",
    "solution_evaluation",
    "purchase_decision",
    "post_purchase",
    "unknown",
)
PATH = ("captured", "valid", "engaged", "mql", "sal", "sql", "opportunity", "customer")
PATH_NEEDS = {
    "sal": "sales_feedback",
    "sql": "sales_activities",
    "opportunity": "crm_opportunities",
    "customer": "crm_opportunities",
}


def bands(sources: Sources) -> dict[str, Any]:
    """Distribution over the bands, its movement, and band by maturity level."""
    labels, text = sources.labels, sources.labels.text
    by_day = _leads_by_day(sources, "bands_daily")
    now = band_parts(sources, by_day.get(sources.day_end.as_of_date, {}))
    before = (
        {part.label: part.value for part in band_parts(sources, by_day.get(sources.before, {}))}
        if sources.before
        else {}
    )
    leads = sum(part.value for part in now)
    levels: dict[str, dict[str, int]] = defaultdict(dict)
    for row in sources.rows("band_by_level"):
        levels[row["band"]][row["maturity_level"]] = row["leads"]
    codes = [code for code, _, _ in band_order(sources)] + sorted(
        set(levels) - {c for c, _, _ in band_order(sources)}
    )
    shown = [
        level for level in LEVELS if any(levels[code].get(level) for code in codes) or level != "unknown"
    ]
    return {
        "legend": [part for part in now if part.style != "none" or part.value],
        "bar": charts.stack_bar(now, spoken(labels, text("bands.distribution"), now), whole=leads, height=26),
        "rows": [
            {
                "part": part,
                "share": labels.share(part.value, leads),
                "change": labels.signed(part.value - before.get(part.label, 0))
                if sources.before
                else text("report.none"),
            }
            for part in now
            if part.style != "none" or part.value
        ],
        "movement": _movement(sources, by_day, "bands.movement"),
        "months": _movement(sources, _leads_by_day(sources, "bands_monthly"), "bands.months", least=3),
        "needs": text("report.needs_days", n=2),
        "levels": [labels.term(level, "maturity_level") for level in shown],
        "matrix": [
            (
                labels.term(code, "score_band"),
                [levels[code].get(level, 0) for level in shown],
                sum(levels[code].values()),
            )
            for code in codes
        ],
        "most": max((count for row in levels.values() for count in row.values()), default=0),
    }


def _leads_by_day(sources: Sources, query: str) -> dict[date, dict[str, int]]:
    by_day: dict[date, dict[str, int]] = defaultdict(dict)
    for row in sources.rows(query):
        by_day[row["as_of_date"]][row["band"]] = row["leads"]
    return by_day


def _movement(
    sources: Sources, by_day: dict[date, dict[str, int]], title: str, least: int = 2
) -> Markup | None:
    """One column per day-end, None when there are fewer than `least`."""
    labels, text, days = sources.labels, sources.labels.text, sorted(by_day)
    if len(days) < least:
        return None
    return charts.columns(
        [labels.day(day) for day in days],
        [band_parts(sources, by_day[day]) for day in days],
        text(title),
        text("bands.movement_desc", n=len(days), first=labels.day(days[0]), last=labels.day(days[-1])),
    )


def breakdown(sources: Sources, query: str) -> dict[str, Any]:
    """Leads by band for each channel or industry: bars on one scale, mean score, MQLs."""
    labels, text = sources.labels, sources.labels.text
    groups: dict[str, dict[str, Any]] = {}
    for row in sources.rows(query):
        group = groups.setdefault(
            row["code"], {"bands": {}, "leads": 0, "score_milli_sum": 0, "mqls": 0, "high_maturity": 0}
        )
        group["bands"][row["band"]] = row["leads"]
        for field in ("leads", "score_milli_sum", "mqls", "high_maturity"):
            group[field] += row[field]

    def name(code: str) -> str:
        return labels.source_channel(code) if query == "by_channel" else labels.term(code, "industry")

    ranked = sorted(groups.items(), key=lambda item: (-item[1]["leads"], item[0] or ""))
    named = [(name(code), group) for code, group in ranked[:MOST_GROUPS]]
    if len(ranked) > MOST_GROUPS:
        rest = [group for _, group in ranked[MOST_GROUPS:]]
        folded = {
            field: sum(group[field] for group in rest)
            for field in ("leads", "score_milli_sum", "mqls", "high_maturity")
        }
        folded["bands"] = {
            band: sum(group["bands"].get(band, 0) for group in rest)
            for group in rest
            for band in group["bands"]
        }
        named.append((text("report.other", n=len(rest)), folded))
    widest = max((group["leads"] for _, group in named), default=0)
    best = {code for code, _, _ in band_order(sources)[:2]}
    rows = []
    for label, group in named:
        parts = band_parts(sources, group["bands"])
        rows.append(
            {
                "label": label,
                "bar": charts.stack_bar(parts, spoken(labels, label, parts), whole=widest),
                "leads": labels.count(group["leads"]),
                "mean": labels.points(mean(group["score_milli_sum"], group["leads"]), 1),
                "best_share": labels.share(
                    sum(count for band, count in group["bands"].items() if band in best), group["leads"]
                ),
                "mqls": labels.count(group["mqls"]),
                "high": labels.count(group["high_maturity"]),
            }
        )
    return {"rows": rows, "needs": sources.missing("crm_leads", "form_submissions")}


def lifecycle(sources: Sources) -> dict[str, Any]:
    """The funnel of life-cycle statuses; what no connected feed can tell is named, not drawn as zero."""
    labels, text = sources.labels, sources.labels.text
    now = {row["lifecycle_status"]: row["leads"] for row in sources.rows("lifecycle")}
    rows, beyond = [], sum(now.get(status, 0) for status in PATH)
    whole, step_before = beyond, None
    for status in PATH:
        measurable = PATH_NEEDS.get(status) is None or PATH_NEEDS[status] in sources.feeds or beyond > 0
        label = labels.term(status, "lifecycle_status")
        rows.append(
            {
                "label": label,
                "bar": charts.plain_bar(beyond, whole, f"{label}: {labels.count(beyond)}")
                if measurable
                else "",
                "reached": labels.count(beyond) if measurable else text("report.none"),
                "now": labels.count(now.get(status, 0)) if measurable else text("report.none"),
                "step": labels.share(beyond, step_before) if step_before and measurable else "",
            }
        )
        step_before = beyond
        beyond -= now.get(status, 0)
    aside = sorted(set(now) - set(PATH))
    lacking = [
        feed
        for status, feed in PATH_NEEDS.items()
        if rows[PATH.index(status)]["reached"] == text("report.none")
    ]
    return {
        "rows": rows if whole or aside else [],
        "aside": labels.join(
            [f"{labels.term(status, 'lifecycle_status')} {labels.count(now[status])}" for status in aside]
        ),
        "needs": sources.missing(*lacking)
        if whole or aside
        else sources.missing("crm_leads", "form_submissions"),
    }


def stages(sources: Sources) -> dict[str, Any]:
    """Leads by decision stage, each bar split by maturity level."""
    labels = sources.labels
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sources.rows("stages"):
        found[row["decision_stage"]].append(row)
    codes = [code for code in STAGES if code in found or code != "unknown"] + sorted(set(found) - set(STAGES))
    widest = max((sum(row["leads"] for row in rows) for rows in found.values()), default=0)
    rows = []
    for code in codes:
        leads = {row["maturity_level"]: row["leads"] for row in found[code]}
        parts = level_parts(labels, leads)
        staged, days = (
            sum(row["staged"] for row in found[code]),
            sum(row["stage_days_sum"] for row in found[code]),
        )
        label = labels.term(code, "decision_stage")
        rows.append(
            {
                "label": label,
                "bar": charts.stack_bar(parts, spoken(labels, label, parts), whole=widest, narrow=True),
                "leads": labels.count(sum(leads.values())),
                "days": labels.count((2 * days + staged) // (2 * staged))
                if staged
                else labels.text("report.none"),
            }
        )
    return {
        "rows": rows if widest else [],
        "legend": level_parts(
            labels,
            {
                level: 1
                for level in LEVELS
                if any(row["maturity_level"] == level for stage in found.values() for row in stage)
            },
        ),
        "needs": sources.missing("crm_leads", "form_submissions"),
    }


def changes(sources: Sources) -> dict[str, Any]:
    """Who moved most in seven days and which rules carry the move."""
    labels, text = sources.labels, sources.labels.text
    movers = sources.rows("movers", movers=MOST_MOVERS)
    behind: dict[str, list[Row]] = defaultdict(list)
    if movers:
        for row in sources.rows("mover_rules", lead_ids=[mover["lead_id"] for mover in movers]):
            behind[row["lead_id"]].append(row)
    sides: dict[str, list[dict[str, Any]]] = {"up": [], "down": []}
    for mover in movers:
        rules = [
            {
                "rule": labels.rule(row["rule_key"], row["rule_id"]),
                "share": labels.points(row["score_share_milli"], 1, sign=True),
            }
            for row in behind[mover["lead_id"]][:3]
        ]
        sides[mover["direction"]].append(
            {
                **mover,
                "score": labels.points(mover["score_milli"], 0),
                "change": labels.points(mover["score_change_7d_milli"], 1, sign=True),
                "rules": rules,
                "last_on": labels.day(mover["last_activity_on"]),
            }
        )
    counts = sources.rows("movement")[0]
    measurable = counts["risen"] + counts["fallen"] + counts["unchanged"] > 0
    return {
        "up": sides["up"],
        "down": sides["down"],
        "raw": counts,
        "measurable": measurable,
        "counts": text(
            "changes.counts",
            risen=labels.count(counts["risen"]),
            fallen=labels.count(counts["fallen"]),
            unchanged=labels.count(counts["unchanged"]),
            without=labels.count(counts["without_comparison"]),
            sum=labels.points(counts["change_milli_sum"], 1, sign=True),
        ),
        "needs": text("report.needs_days", n=COMPARE_DAY_ENDS + 1),
    }
