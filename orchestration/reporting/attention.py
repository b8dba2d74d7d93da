"""What wants a hand: response clocks, alerts, and the quality of what was delivered."""

from __future__ import annotations

from typing import Any

from orchestration.reporting import charts
from orchestration.reporting.charts import Part
from orchestration.reporting.evidence import read_evidence
from orchestration.reporting.serving import Row
from orchestration.reporting.sources import CLOCK_NEEDS, FATES, Sources, fate_parts, spoken

MOST_ALERTS = 12
MOST_WAITING = 8
MOST_VERDICT_RULES = 12

CLOCK_STATES = ("met", "due_soon", "running", "breached", "no_calendar")


def clocks(sources: Sources) -> dict[str, Any]:
    """Response clocks by policy, and what waits for an answer."""
    labels, text = sources.labels, sources.labels.text
    found = sources.rows("sla_by_rule")
    widest = max((row["clocks"] for row in found), default=0)
    rows = []
    for row in found:
        rule = labels.rule(row["rule_key"])
        parts = [Part(labels.term(state, "sla_state"), row[state], f"s-{state}") for state in CLOCK_STATES]
        rows.append(
            {
                "rule": rule,
                "budget": labels.duration(row["budget_business_seconds"]),
                "clocks": labels.count(row["clocks"]),
                "bar": charts.stack_bar(parts, spoken(labels, rule.label, parts), whole=widest),
                "met": labels.share(row["met"], row["met"] + row["breached"]),
                "median": labels.duration(row["median_business_seconds"]),
            }
        )
    open_counts = {row["state"]: row["clocks"] for row in sources.rows("sla_open_counts")}
    waiting = [
        {
            **row,
            "rule": labels.rule(row["rule_key"]),
            "due": labels.instant(row["due_at"]),
            "state_label": labels.term(row["state"], "sla_state"),
        }
        for row in sources.rows("sla_open", rows=MOST_WAITING)
    ]
    return {
        "rows": rows,
        "legend": [
            Part(labels.term(s, "sla_state"), 1, f"s-{s}")
            for s in CLOCK_STATES
            if any(row[s] for row in found)
        ],
        "waiting": waiting,
        "open_counts": open_counts,
        "counts": text(
            "sla.waiting_counts",
            parts=labels.join(
                [
                    f"{labels.term(s, 'sla_state')} {labels.count(open_counts[s])}"
                    for s in CLOCK_STATES
                    if open_counts.get(s)
                ]
            ),
        ),
        "needs": sources.missing(*CLOCK_NEEDS) or text("sla.no_clock"),
    }


def alerts(sources: Sources) -> dict[str, Any]:
    """Open alerts with their evidence."""
    labels, text = sources.labels, sources.labels.text
    counts = sources.rows("alert_counts")
    n = sum(row["alerts"] for row in counts)
    rows = [
        {
            **row,
            "rule": labels.rule(row["rule_key"]),
            "kind": labels.term(row["alert_kind"], "alert_kind"),
            "severity_label": labels.term(row["severity"], "alert_severity"),
            "since": labels.day(row["opened_on"]),
            "cause_label": labels.term(row["cause"], "alert_cause") if row["cause"] else "",
            "points": text("alerts.points", points=labels.points(row["points_milli"], 1, sign=True))
            if row["points_milli"]
            else "",
            "evidence_pairs": read_evidence(row["evidence"], labels),
            "notify": labels.owner(row["notify_role"]),
        }
        for row in sources.rows("alerts", rows=MOST_ALERTS)
    ]
    parts = [
        f"{labels.term(row['alert_kind'], 'alert_kind')} {labels.count(row['alerts'])}" for row in counts
    ]
    return {
        "rows": rows,
        "n": n,
        "counts": text("alerts.counts", n=n, parts=labels.join(parts)),
        "shown": text("alerts.shown", n=len(rows)) if n > len(rows) else "",
    }


def quality(sources: Sources) -> dict[str, Any]:
    """Records by fate and feed, and the verdict rules that caught most."""
    labels = sources.labels
    found = sources.rows("fates")
    total = {field: sum(row[field] for row in found) for field in ("records", *FATES, "difference")}

    def line(label: str, code: str, row: Row) -> dict[str, Any]:
        parts = fate_parts(labels, row)
        return {
            "label": label,
            "code": code,
            "bar": charts.stack_bar(
                parts, spoken(labels, label, parts), whole=row["records"], labels=False, height=14
            ),
            **{field: labels.count(row[field]) for field in ("records", *FATES, "difference")},
        }

    rules = [
        {
            **row,
            "rule": labels.rule(row["rule_key"], row["rule_id"]),
            "verdict_label": labels.term(row["verdict"], "verdict"),
            "feed_label": labels.feed(row["feed"]),
            "attribute_label": labels.attribute(row["attribute"]),
            "hits": labels.count(row["hits"]),
        }
        for row in sources.rows("verdict_rules", rows=MOST_VERDICT_RULES)
    ]
    return {
        "rows": [line(labels.feed(row["feed"]), row["feed"], row) for row in found],
        "total": line(labels.text("report.total"), "", total),
        "raw": total,
        "legend": [part for part in fate_parts(labels, total) if part.value],
        "closes": labels.text("quality.closed")
        if total["difference"] == 0
        else labels.text("quality.open", n=labels.count(total["difference"])),
        "is_closed": total["difference"] == 0 and all(row["difference"] == 0 for row in found),
        "rules": rules,
    }
