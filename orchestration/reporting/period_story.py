"""What changed and why: each figure is a query's, each cause the ledger's or the mix of channels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from orchestration.reporting.blocks import money
from orchestration.reporting.history import CAUSES
from orchestration.reporting.labels import Labels
from orchestration.reporting.serving import Row
from orchestration.reporting.sources import PeriodSources

# Causes that a sentence names, without the points that new leads bring.
MOVING = tuple(cause for cause in CAUSES if cause != "new")


def what_changed(sources: PeriodSources, outcomes: dict[str, Row]) -> str:
    """Return the paragraph; what cannot be told is said to be so."""
    labels = sources.labels
    said = [*_stock(sources), *_ledger(sources), *_hand_over(sources, outcomes), *_money(labels, outcomes)]
    return ("" if labels.lang == "zh" else " ").join(said)


def _stock(sources: PeriodSources) -> list[str]:
    labels, text, at = sources.labels, sources.labels.text, sources.period_parameters
    if not (sources.has_end and sources.has_before):
        return [text("changed.no_stock")]
    parts = sources.rows("period_mix")
    if not parts:
        return [text("changed.no_stock")]
    now, before = sum(row["leads"] for row in parts), sum(row["leads_before"] for row in parts)
    mean, mean_before = parts[0]["mean_milli"], parts[0]["mean_before_milli"]
    change = mean - mean_before
    mix = parts[0]["mix_milli"]
    said = [
        text(
            "changed.stock",
            date=labels.day(at["end_on"]),
            before=labels.day(at["before_end_on"]),
            leads=labels.count(now),
            change=labels.signed(now - before),
            mean=labels.points(mean, 2),
            mean_change=labels.points(change, 2, sign=True),
        )
    ]
    if change:
        most = max(parts, key=lambda row: (abs(row["within_milli"]), row["source_channel"]))
        said.append(
            text(
                "changed.mix",
                mix=labels.points(mix, 2, sign=True),
                within=labels.points(change - mix, 2, sign=True),
                channel=labels.source_channel(most["source_channel"]),
                most=labels.points(most["within_milli"], 2, sign=True),
            )
        )
    return said


def ledger_totals(sources: PeriodSources) -> dict[str, Any] | None:
    """Return the sums of the ledger in the period; `rest_milli` only faded, None where it cannot be told."""
    if not sources.serving.has("fct_score_changes"):
        return None
    causes = sources.rows("period_causes")[0]
    if not causes["day_ends"]:
        return None
    end = sources.period_parameters["end_on"]
    sums = sources.rows(
        "period_score_sum", end_on=end, ledger_from_on=causes["first_on"] - timedelta(days=1)
    )[0]
    total = sum(causes[f"{cause}_milli"] for cause in CAUSES)
    # Between days that are not in the ledger something else may have moved.
    is_unbroken = (causes["last_on"] - causes["first_on"]).days + 1 == causes["day_ends"]
    is_whole = sums["is_known_before"] and causes["last_on"] == end and is_unbroken
    rest = sums["points"] - sums["points_before"] - total if is_whole else None
    return {**causes, "total_milli": total, "rest_milli": rest}


def _ledger(sources: PeriodSources) -> list[str]:
    labels, text = sources.labels, sources.labels.text
    found = ledger_totals(sources)
    if found is None:
        return [text("changed.no_ledger")]
    moves = sorted(MOVING, key=lambda cause: (-abs(found[f"{cause}_milli"]), cause))
    parts = [
        f"{labels.term(cause, 'score_cause')} {labels.points(found[f'{cause}_milli'], 1, sign=True)}"
        for cause in moves
        if found[f"{cause}_milli"]
    ]
    said = [
        text(
            "changed.ledger",
            n=labels.count(found["day_ends"]),
            first=labels.day(found["first_on"]),
            last=labels.day(found["last_on"]),
            new=labels.count(found["new_leads"]),
            points=labels.points(found["new_milli"], 1, sign=True),
            parts=labels.join(parts) or text("report.none"),
        )
    ]
    if found["rest_milli"]:
        said.append(text("changed.rest", points=labels.points(found["rest_milli"], 1, sign=True)))
    said.append(
        text("changed.bands", up=labels.count(found["band_rises"]), down=labels.count(found["band_falls"]))
    )
    return said


def _hand_over(sources: PeriodSources, outcomes: dict[str, Row]) -> list[str]:
    labels, text = sources.labels, sources.labels.text
    now, before = outcomes["now"], outcomes["before"]
    if not now:
        return []
    said = [
        text(
            "changed.hand_over",
            n=labels.count(now["handed_over"]),
            before=labels.count(before.get("handed_over", 0)),
            accepted=labels.count(now["handed_over_accepted"]),
            judged=labels.count(now["handed_over_accepted"] + now["handed_over_returned"]),
            won=labels.count(now["deals_won"]),
            won_before=labels.count(before.get("deals_won", 0)),
        )
    ]
    reasons = [
        row for row in sources.rows("period_returns") if row["leads"] and row["reason"] != "none_given"
    ]
    # Of two that were given equally often neither is the most frequent.
    if reasons and (len(reasons) == 1 or reasons[0]["leads"] > reasons[1]["leads"]):
        said.append(
            text(
                "changed.reason",
                reason=labels.term(reasons[0]["reason"], "reject_reason"),
                n=labels.count(reasons[0]["leads"]),
                returned=labels.count(now["returned"]),
            )
        )
    return said


def _money(labels: Labels, outcomes: dict[str, Row]) -> list[str]:
    now, before = outcomes["now"], outcomes["before"]
    if now.get("spent_fen") is None:
        return []
    return [
        labels.text(
            "changed.cost",
            spent=money(now["spent_fen"], labels),
            valid=money(now["cost_per_valid_fen"], labels),
            before=money(before.get("cost_per_valid_fen"), labels),
        )
    ]
