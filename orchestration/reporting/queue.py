"""The top of the queue: who is first, why, and every point of the score."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from orchestration.reporting import charts
from orchestration.reporting.labels import Labels, keys_of
from orchestration.reporting.serving import Row
from orchestration.reporting.sources import Sources, band_order
from orchestration.reporting.waterfall import Dimension, Step, Waterfall, build_waterfall

TOP_OF_QUEUE = 10
UNASSIGNED = "(none)"
MOST_ROWS = 18


def queue(sources: Sources) -> dict[str, Any]:
    """The first leads of the queue, each with its reasons, its range and its waterfall."""
    labels, text = sources.labels, sources.labels.text
    found = sources.rows("queue", rows=TOP_OF_QUEUE)
    size = sources.rows("queue_size")[0]
    contributions: dict[str, list[Row]] = defaultdict(list)
    if found:
        for row in sources.rows("contributions", lead_ids=[lead["lead_id"] for lead in found]):
            contributions[row["lead_id"]].append(row)
    edges = [(lower, style) for _, style, lower in band_order(sources)]
    return {
        "lead_in": text(
            "queue.lead_in",
            leads=labels.count(size["leads"]),
            owners=labels.count(size["owners"]),
            n=len(found),
        ),
        "leads": [_card(labels, row, contributions[row["lead_id"]], edges) for row in found],
    }


def _card(labels: Labels, row: Row, contributions: list[Row], edges: list[tuple[int, str]]) -> dict[str, Any]:
    text = labels.text
    why = reasons(labels, row)
    waterfall = build_waterfall(
        contributions, row["score_milli"], row["segment"], labels, most_rows=MOST_ROWS
    )
    low, high = row["score_min_milli"], row["score_max_milli"]
    spread = low is not None and high is not None and low != high
    range_text = (
        text("queue.range", min=labels.points(low, 0), max=labels.points(high, 0))
        if spread
        else text("queue.range_exact")
    )
    unknown = [labels.term(group, "tag_group") for group in keys_of(row["unknown_tag_groups"])]
    change = row["score_change_7d_milli"]
    person = row["person_name"] or text("story.unnamed")
    profile = [
        labels.term(row["industry"], "industry") if row["industry"] else "",
        labels.term(row["company_size"], "company_size") if row["company_size"] else "",
        labels.term(row["region"], "region") if row["region"] else "",
        labels.term(row["decision_role"], "decision_role") if row["decision_role"] else "",
    ]
    facts = [
        (text("queue.maturity"), labels.term(row["maturity_level"], "maturity_level")),
        (text("queue.stage"), labels.term(row["decision_stage"], "decision_stage")),
        (text("queue.status"), labels.term(row["lifecycle_status"], "lifecycle_status")),
        (text("queue.source"), labels.source_channel(row["source_channel"])),
        (text("queue.last_activity"), labels.day(row["last_activity_on"])),
        (
            text("queue.change"),
            labels.points(change, 1, sign=True) if change is not None else text("queue.new"),
        ),
    ]
    if row["sla_state"]:
        due = text("queue.due", at=labels.instant(row["sla_due_at"])) if row["sla_due_at"] else ""
        state = labels.term(row["sla_state"], "sla_state")
        facts.append(
            (
                text("queue.sla"),
                labels.join([part for part in (state, due) if part]),
            )
        )
    owned = row["owner_ref"] not in (None, UNASSIGNED)
    owner = (row["owner_name"] or row["owner_ref"]) if owned else text("queue.unassigned")
    return {
        **row,
        "place": text("queue.place", n=row["overall_rank"]),
        "owner": owner,
        "owner_is_a_name": owned,
        "person": person,
        "profile": [part for part in profile if part],
        "band_label": labels.term(row["band"], "score_band"),
        "facts": facts,
        "why": why,
        "tier_text": text("queue.tier", tier=row["tier"]),
        "priority": text("queue.priority", points=labels.points(row["priority_milli"], 1)),
        "range": charts.score_range(
            row["score_milli"],
            low or row["score_milli"],
            high or row["score_milli"],
            edges,
            f"{text('queue.score')} {labels.points(row['score_milli'])}. {range_text}",
        ),
        "range_text": range_text,
        "unknown": text("queue.unknown_groups", groups=labels.join(unknown)) if unknown else "",
        "waterfall": draw_waterfall(labels, waterfall),
    }


def draw_waterfall(labels: Labels, waterfall: Waterfall) -> dict[str, Any]:
    """Turn a waterfall into table rows with one bar each."""
    text = labels.text

    def bar(start: int, end: int, style: str, label: str, milli: int) -> Any:
        return charts.waterfall_bar(
            start, end, waterfall.low, waterfall.high, style, f"{label}: {labels.points(milli, sign=True)}"
        )

    def step_row(step: Step) -> dict[str, Any]:
        kind = labels.term(step.kind, "contribution_kind")
        label = text("waterfall.more", n=len(step.folded)) if step.kind == "more" else step.subject
        return {
            "kind": step.kind,
            "kind_label": "" if step.kind in ("points", "more") else kind,
            "rule_id": step.rule.rule_id if step.rule else "",
            "label": label,
            "folded": [
                {"rule": folded.rule, "share": labels.points(folded.share_milli, sign=True)}
                for folded in step.folded
            ],
            "owner": step.rule.owner if step.rule else "",
            "touches": text("unit.times", n=step.touches) if step.touches else "",
            "points": labels.points(step.points_milli, 1, sign=True) if step.kind != "rounding" else "",
            "share": labels.points(step.share_milli, sign=True),
            "bar": bar(step.start_milli, step.end_milli, _style(step), label or kind, step.share_milli),
        }

    def dimension_rows(dimension: Dimension) -> dict[str, Any]:
        known = dimension.full_marks is not None and dimension.weight_pct is not None
        return {
            "label": dimension.label,
            "sum": text(
                "waterfall.subtotal",
                points=labels.points(dimension.points_milli, 1),
                full=dimension.full_marks,
                weight=dimension.weight_pct,
            )
            if known
            else text("waterfall.subtotal_plain"),
            "share": labels.points(dimension.share_milli, sign=True),
            "bar": bar(
                dimension.start_milli, dimension.end_milli, "subtotal", dimension.label, dimension.share_milli
            ),
            "steps": [step_row(step) for step in dimension.steps],
        }

    return {
        "caption": text("waterfall.desc", score=labels.points(waterfall.score_milli)),
        "dimensions": [dimension_rows(dimension) for dimension in waterfall.dimensions],
        "total": labels.points(waterfall.score_milli),
        "total_bar": bar(0, waterfall.sum_milli, "total", text("waterfall.total"), waterfall.sum_milli),
        "closes": waterfall.closes,
        "check": text("waterfall.closes", score=labels.points(waterfall.score_milli))
        if waterfall.closes
        else text(
            "waterfall.does_not_close",
            sum=labels.points(waterfall.sum_milli),
            score=labels.points(waterfall.score_milli),
        ),
    }


def _style(step: Step) -> str:
    if step.kind in ("points", "more"):
        return "gain" if step.share_milli >= 0 else "loss"
    return "adjust"


def reasons(labels: Labels, row: Row) -> dict[str, Any]:
    """Why a lead stands where it stands: the rule of its tier and the rules behind its priority points."""
    tier = labels.rule(row["tier_rule_key"]) if row["tier_rule_key"] else None
    keys = [key for key in keys_of(row["reason_rule_keys"]) if key != row["tier_rule_key"]]
    return {"tier": tier, "rules": [labels.rule(key) for key in dict.fromkeys(keys)]}
