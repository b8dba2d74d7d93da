"""How a score came to be what it is, day-end by day-end, from the ledger."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from orchestration.reporting.labels import Labels
from orchestration.reporting.serving import Row, Serving

CAUSES = ("new", "identity", "rule", "attribute", "late_data", "decay", "inactivity", "behaviour")
DAYS_SHOWN = 30


def history(
    serving: Serving, labels: Labels, lead_id: str, since: date | None = None, until: date | None = None
) -> list[str]:
    """Return what moved a lead's score as sentences, oldest first.

    Days on which the score only faded and nobody would have seen a difference are not in the ledger; what
    they took is told with the next day that is.

    Args:
        since: day-end to compare with; default 30 days before `until`.
        until: last day-end; default the published one.
    """
    until = until or labels.day_end.as_of_date
    since = since or until - timedelta(days=DAYS_SHOWN)
    if not serving.has("fct_score_changes"):
        return []
    rows = serving.rows("lead_changes", lead_id=lead_id, since=since, until=until)
    if not rows:
        first = serving.rows("ledger_begin")[0]["first_on"]
        return [labels.text("story.history_none", date=labels.day(since), first=labels.day(first))]
    said: list[str] = []
    total: Counter[str] = Counter()
    earlier: Row | None = None
    for row in rows:
        if earlier and earlier["after_milli"] != (row["before_milli"] or 0):
            faded = (row["before_milli"] or 0) - earlier["after_milli"]
            total["decay"] += faded
            said.append(
                labels.text(
                    "story.history_faded",
                    start=labels.day(earlier["as_of_date"]),
                    end=labels.day(row["as_of_date"] - timedelta(days=1)),
                    change=labels.points(faded, sign=True),
                )
            )
        said.append(_line(labels, row))
        total.update({cause: row[f"{cause}_milli"] for cause in CAUSES})
        earlier = row
    if len(rows) > 1:
        said.append(
            labels.text(
                "story.history_sum",
                start=labels.day(rows[0]["as_of_date"] - timedelta(days=1)),
                end=labels.day(rows[-1]["as_of_date"]),
                before=labels.points(rows[0]["before_milli"] or 0),
                after=labels.points(rows[-1]["after_milli"]),
                parts=_parts(labels, total),
            )
        )
    return said


def _line(labels: Labels, row: Row) -> str:
    values = {"date": labels.day(row["as_of_date"]), "after": labels.points(row["after_milli"])}
    if row["before_milli"] is None:
        band = f", {labels.term(row['after_band'], 'score_band')}" if row["after_band"] else ""
        return labels.text("story.history_new", band=band, **values)
    bands = row["before_band"], row["after_band"]
    moved = bands[0] != bands[1] and all(bands)
    band = labels.text("story.history_band", before=bands[0], after=bands[1]) if moved else ""
    moves = Counter({cause: row[f"{cause}_milli"] for cause in CAUSES})
    return labels.text(
        "story.history_line",
        before=labels.points(row["before_milli"]),
        band=band,
        parts=_parts(labels, moves) or labels.text("report.none"),
        **values,
    )


def _parts(labels: Labels, moves: Counter[str]) -> str:
    return labels.join(
        [
            f"{labels.term(cause, 'score_cause')} {labels.points(moves[cause], sign=True)}"
            for cause in CAUSES
            if moves[cause]
        ]
    )
