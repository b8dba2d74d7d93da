"""The headline figures, each with its change and its course."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from markupsafe import Markup

from orchestration.reporting import charts
from orchestration.reporting.labels import Labels
from orchestration.reporting.serving import Row
from orchestration.reporting.sources import CLOCK_NEEDS, FATES, Sources, band_order, fate_parts, mean, spoken


def headline(sources: Sources) -> dict[str, Any]:
    """The figures at the top, each with its change and its course."""
    labels, text = sources.labels, sources.labels.text
    days = {row["as_of_date"]: row for row in sources.rows("headline")}
    bands: dict[date, dict[str, int]] = defaultdict(dict)
    for row in sources.rows("bands_daily"):
        bands[row["as_of_date"]][row["band"]] = row["leads"]
    now, before = (
        days.get(sources.day_end.as_of_date, _no_leads()),
        days.get(sources.before) if sources.before else None,
    )
    best = [code for code, _, _ in band_order(sources)][:2]

    def best_of(day: date | None) -> int:
        return sum(bands[day].get(code, 0) for code in best) if day else 0

    series = [days[day] for day in sorted(days)]

    def tile(key: str, field: str, note: str) -> dict[str, Any]:
        change = now[field] - before[field] if before else None
        return _tile(
            text(f"headline.{key}"),
            labels.count(now[field]),
            _moved(labels, change),
            note,
            charts.sparkline([row[field] for row in series], text(f"headline.{key}")),
        )

    of_all = {
        field: text("headline.share_note", share=labels.share(now[field], now["leads"]))
        for field in ("mqls", "high_maturity")
    }
    new = sum(row["new_leads"] for day, row in days.items() if sources.before and day > sources.before)
    tiles = [tile("leads", "leads", text("headline.leads_note", n=new) if before else "")]
    tiles.append(
        _tile(
            text("headline.band_best", bands=" + ".join(best)),
            labels.count(best_of(sources.day_end.as_of_date)),
            _moved(labels, best_of(sources.day_end.as_of_date) - best_of(sources.before) if before else None),
            " · ".join(
                f"{code} {labels.count(bands[sources.day_end.as_of_date].get(code, 0))}" for code in best
            ),
            charts.sparkline(
                [best_of(day) for day in sorted(days)], text("headline.band_best", bands=" + ".join(best))
            ),
        )
    )
    tiles.append(tile("mqls", "mqls", of_all["mqls"]))
    tiles.append(tile("high_maturity", "high_maturity", of_all["high_maturity"]))
    tiles.append(_mean_score(sources, now, before))
    tiles.append(_sla_tile(sources))
    tiles.append(_records_tile(sources))
    return {
        "tiles": tiles,
        "against": text("headline.against", date=labels.day(sources.before), n=_distance(sources))
        if sources.before
        else text("headline.no_comparison"),
        "now": now,
        "bands": bands[sources.day_end.as_of_date],
        "best": best,
    }


def _tile(label: str, value: str, change: dict[str, str], note: str, chart: Markup) -> dict[str, Any]:
    return {"label": label, "value": value, "change": change, "note": note, "chart": chart}


def _moved(labels: Labels, change: int | None, unit: str = "", shown: str = "") -> dict[str, str]:
    if change is None:
        return {"text": "", "way": "none"}
    if change == 0:
        return {"text": "±0", "way": "same"}
    return {
        "text": (shown or labels.signed(change)) + (f" {unit}" if unit else ""),
        "way": "up" if change > 0 else "down",
    }


def _no_leads() -> dict[str, int]:
    return {"leads": 0, "new_leads": 0, "mqls": 0, "high_maturity": 0, "score_milli_sum": 0}


def _mean_score(sources: Sources, now: Row, before: Row | None) -> dict[str, Any]:
    labels, text = sources.labels, sources.labels.text
    average = mean(now["score_milli_sum"], now["leads"])
    average_before = mean(before["score_milli_sum"], before["leads"]) if before else None
    change = average - average_before if average is not None and average_before is not None else None
    if change is not None and abs(change) < 50:
        change = 0
    shown = labels.points(change, 1, sign=True) if change else ""
    series = [mean(row["score_milli_sum"], row["leads"]) or 0 for row in sources.rows("headline")]
    return _tile(
        text("headline.mean_score"),
        labels.points(average, 1),
        _moved(labels, change, shown=shown),
        text("headline.mean_score_note"),
        charts.sparkline(series, text("headline.mean_score")),
    )


def _sla_tile(sources: Sources) -> dict[str, Any]:
    labels, text = sources.labels, sources.labels.text
    row = sources.rows("sla_share")[0]
    if not row["decided"]:
        note = sources.missing(*CLOCK_NEEDS) or text("headline.sla_none")
        return _tile(text("headline.sla_met"), text("report.none"), _moved(labels, None), note, Markup(""))
    change = None
    if row["decided_before"]:
        change = mean(1000 * row["met"], row["decided"]) - mean(
            1000 * row["met_before"], row["decided_before"]
        )
    shown = labels.points(change * 100, 1, sign=True) if change else ""
    return _tile(
        text("headline.sla_met"),
        labels.share(row["met"], row["decided"]),
        _moved(labels, change, text("headline.points"), shown),
        text("headline.sla_note", met=labels.count(row["met"]), decided=labels.count(row["decided"])),
        Markup(""),
    )


def _records_tile(sources: Sources) -> dict[str, Any]:
    labels, text = sources.labels, sources.labels.text

    def total(day: date) -> dict[str, int]:
        rows = sources.rows("fates", as_of_date=day)
        return {field: sum(row[field] for row in rows) for field in ("records", *FATES)} if rows else {}

    now = total(sources.day_end.as_of_date) or {field: 0 for field in ("records", *FATES)}
    before = total(sources.before) if sources.before else {}
    parts = fate_parts(labels, now)
    return _tile(
        text("headline.records"),
        labels.count(now["records"]),
        _moved(labels, now["records"] - before["records"] if before else None),
        text(
            "headline.records_note",
            accepted=labels.count(now["accepted"]),
            held=labels.count(now["quarantined"] + now["rejected"]),
        ),
        charts.stack_bar(
            parts,
            spoken(labels, text("headline.records"), parts),
            whole=now["records"],
            labels=False,
            height=6,
        ),
    )


def _distance(sources: Sources) -> int:
    return len([day for day in sources.day_ends if sources.before and day > sources.before])
