"""The story and the full points waterfall of one lead, as data or printed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from orchestration.reporting.labels import Labels, Language, sentence
from orchestration.reporting.serving import NotPublishedError, Row, Serving, open_day, open_serving
from orchestration.reporting.story import last_touches, name_of, tell
from orchestration.reporting.waterfall import Dimension, Step, Waterfall, build_waterfall

BAR_CELLS = 24
WIDE, WIDEST = 116, 140


class LeadNotFoundError(LookupError):
    """No lead, past or present, goes by the given key."""


def explain(
    serving_path: Path,
    lead: str,
    lang: Language = "en",
    console: Console | None = None,
    since: date | None = None,
    until: date | None = None,
    day: Path | None = None,
) -> int:
    """Print the story of a lead, or which leads could be meant, or why there is nothing to tell.

    Args:
        serving_path: the serving DuckDB file.
        lead: lead id, former lead id, e-mail, mobile, id in a source system, name or company.
        lang: language of the words.
        console: where to print; default the standard output.
        since: day-end from which the score's history is told; default 30 days before `until`.
        until: day-end to which it is told; default the published one.
        day: a database with all marts of the day-end `until`: everything is told as it was on that day.

    Returns:
        An exit status: 0 told, 1 not found or nothing published, 2 several leads match.
    """
    console = console or Console(highlight=False)
    try:
        data = explain_data(serving_path, lead, lang, since, until, day)
    except (LeadNotFoundError, NotPublishedError) as error:
        console.print(Text(str(error)))
        return 1
    if data["status"] == "ambiguous":
        console.print(_candidates(data, lang))
        return 2
    console.print(_story(data, lang, console.width))
    return 0


def explain_data(
    serving_path: Path,
    lead: str,
    lang: Language = "en",
    since: date | None = None,
    until: date | None = None,
    day: Path | None = None,
) -> dict[str, Any]:
    """Return what explain prints as a dictionary that json.dumps takes as it is.

    `status` is `found` (then `lead`, `story`, `last_touches`, `tags`, `waterfall` follow; points in
    milli-points, dates and UTC instants as ISO text) or `ambiguous` (then `candidates`).

    Raises:
        NotPublishedError: there is no serving file or no published day-end; the message says what to do.
        LeadNotFoundError: nothing matches.
    """
    try:
        opened = open_day(serving_path, day, until) if day and until else open_serving(serving_path)
        with opened as serving:
            return _explain(serving, lead, lang, since, until)
    except NotPublishedError as error:
        raise NotPublishedError(sentence(lang, "error.not_published")) from error


def _explain(
    serving: Serving, wanted: str, lang: Language, since: date | None, until: date | None
) -> dict[str, Any]:
    labels = Labels(lang, serving, serving.day_end())
    found = serving.rows("find_lead", lead=wanted)
    if not found:
        raise LeadNotFoundError(sentence(lang, "error.not_found", lead=wanted))
    base = {
        "as_of_date": labels.day_end.as_of_date.isoformat(),
        "wanted": wanted,
        "matched_by": found[0]["matched_by"],
    }
    if len(found) > 1:
        return {**base, "status": "ambiguous", "candidates": [_plain(row) for row in found]}
    lead = serving.rows("lead", lead_id=found[0]["lead_id"])[0]
    contributions = serving.rows("contributions", lead_ids=[lead["lead_id"]])
    waterfall = build_waterfall(contributions, lead["score_milli"] or 0, lead["segment"], labels)
    return {
        **base,
        "status": "found",
        "title": name_of(labels, lead),
        "lead": _plain(lead),
        "story": [
            {"heading": heading, "sentences": said}
            for heading, said in tell(serving, labels, lead, waterfall, since, until)
        ],
        "last_touches": last_touches(serving, labels, lead["lead_id"]),
        "tags": [_tag(labels, row) for row in serving.rows("lead_tags", lead_id=lead["lead_id"])],
        "waterfall": _waterfall(labels, waterfall),
    }


def _tag(labels: Labels, row: Row) -> dict[str, Any]:
    group, tag = labels.term(row["tag_group"], "tag_group"), labels.term(row["tag"], row["tag_group"])
    return {
        "tag_group": row["tag_group"],
        "tag": row["tag"],
        "label": f"{group}{labels.colon}{tag}",
        "rule_key": row["rule_key"],
        "value_text": row["value_text"],
    }


def _waterfall(labels: Labels, waterfall: Waterfall) -> dict[str, Any]:
    return {
        "score_milli": waterfall.score_milli,
        "sum_milli": waterfall.sum_milli,
        "closes": waterfall.closes,
        "low_milli": waterfall.low,
        "high_milli": waterfall.high,
        "dimensions": [_dimension(labels, dimension) for dimension in waterfall.dimensions],
    }


def _dimension(labels: Labels, dimension: Dimension) -> dict[str, Any]:
    return {
        "dimension": dimension.code,
        "label": dimension.label,
        "full_marks": dimension.full_marks,
        "weight_pct": dimension.weight_pct,
        "points_milli": dimension.points_milli,
        "share_milli": dimension.share_milli,
        "running_milli": dimension.end_milli,
        "steps": [_step(labels, step) for step in dimension.steps],
    }


def _step(labels: Labels, step: Step) -> dict[str, Any]:
    rule = step.rule
    return {
        "kind": step.kind,
        "kind_label": labels.term(step.kind, "contribution_kind"),
        "rule_id": rule.rule_id if rule else None,
        "rule_key": rule.rule_key if rule else None,
        "label": step.subject,
        "owner": rule.owner if rule else None,
        "why": rule.why if rule else None,
        "touches": step.touches,
        "last_occurred_on": step.last_on.isoformat() if step.last_on else None,
        "points_milli": step.points_milli,
        "share_milli": step.share_milli,
        "start_milli": step.start_milli,
        "running_milli": step.end_milli,
    }


def _plain(row: Row) -> Row:
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in row.items()
    }


def _candidates(data: dict[str, Any], lang: Language) -> Group:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading in ("matched_by.lead_id", "run.lead", "queue.score"):
        table.add_column(sentence(lang, heading))
    for row in data["candidates"]:
        named = " · ".join(
            str(row[part]) for part in ("person_name", "company_name", "job_title", "email") if row[part]
        )
        score = "" if row["score"] is None else f"{row['score']} {row['band'] or ''}"
        table.add_row(Text(row["lead_id"], style="bold"), Text(named), score)
    said = sentence(lang, "error.ambiguous", n=len(data["candidates"]), lead=data["wanted"])
    return Group(Text(said), table)


def _story(data: dict[str, Any], lang: Language, width: int) -> Group:
    key = sentence(lang, f"matched_by.{data['matched_by']}")
    subtitle = f"{data['lead']['lead_id']} · {sentence(lang, 'story.found_by', key=key)} · " + sentence(
        lang, "run.title", date=data["as_of_date"]
    )
    parts: list[Any] = [Text(data["title"], style="bold"), Text(subtitle, style="dim"), Text()]
    for section in data["story"]:
        parts.append(Text(section["heading"], style="bold cyan"))
        parts += [Padding(Text(said), (0, 0, 0, 2), expand=False) for said in section["sentences"]]
        if section["heading"] == sentence(lang, "story.did") and data["last_touches"]:
            parts.append(_touches(data["last_touches"]))
        parts.append(Text())
    parts += [
        Text(sentence(lang, "waterfall.title"), style="bold cyan"),
        _points(data["waterfall"], lang, width),
    ]
    return Group(*parts)


def _touches(touches: list[dict[str, str]]) -> Padding:
    table = Table.grid(padding=(0, 2))
    for row in touches:
        table.add_row(Text(row["at"], style="dim"), Text(row["touch"]), Text(row["by"], style="dim"))
    return Padding(table, (0, 0, 0, 4), expand=False)


def _points(waterfall: dict[str, Any], lang: Language, width: int) -> Group:
    if not waterfall["dimensions"]:
        return Group(Text(sentence(lang, "waterfall.none")))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, width=min(width, WIDEST))
    table.add_column(sentence(lang, "waterfall.rule"), ratio=1, overflow="fold")
    for heading in ("touches", "last", "points", "share"):
        table.add_column(sentence(lang, f"waterfall.{heading}"), justify="right", no_wrap=True)
    wide = width >= WIDE
    if wide:
        table.add_column(sentence(lang, "waterfall.running"), no_wrap=True, width=BAR_CELLS)
    for dimension in waterfall["dimensions"]:
        for step in dimension["steps"]:
            table.add_row(
                *_step_cells(step),
                *([_bar(waterfall, step["start_milli"], step["running_milli"])] if wide else []),
            )
        table.add_row(
            *_subtotal_cells(dimension, lang),
            *([_bar(waterfall, 0, dimension["running_milli"], "▒")] if wide else []),
        )
        table.add_section()
    total = _milli(waterfall["sum_milli"])
    table.add_row(
        Text(sentence(lang, "waterfall.total"), style="bold"),
        "",
        "",
        "",
        Text(total, style="bold"),
        *([_bar(waterfall, 0, waterfall["sum_milli"])] if wide else []),
    )
    check = (
        sentence(lang, "waterfall.closes", score=_milli(waterfall["score_milli"]))
        if waterfall["closes"]
        else sentence(lang, "waterfall.does_not_close", sum=total, score=_milli(waterfall["score_milli"]))
    )
    shown = sentence(lang, "waterfall.shown", score=(waterfall["score_milli"] + 500) // 1000)
    return Group(table, Text(f"{check}  ·  {shown}", style="green" if waterfall["closes"] else "bold red"))


def _step_cells(step: dict[str, Any]) -> list[Text]:
    is_points = step["kind"] == "points"
    name = Text()
    if not is_points:
        name.append(step["kind_label"], style="italic")
        name.append("  ")
    name.append(step["rule_id"] or "", style="cyan")
    name.append(f" {step['label']}" if step["rule_id"] else step["label"])
    reason = " · ".join(part for part in (step["owner"], step["why"]) if part)
    if is_points and reason:
        name.append(f"\n{reason}", style="dim")
    points = "" if step["kind"] == "rounding" else _milli(step["points_milli"], sign=True)
    return [
        name,
        Text(f"×{step['touches']}" if step["touches"] else ""),
        Text(step["last_occurred_on"] or "", style="dim"),
        Text(points),
        Text(_milli(step["share_milli"], sign=True)),
    ]


def _subtotal_cells(dimension: dict[str, Any], lang: Language) -> list[Text]:
    marks = ""
    if dimension["full_marks"] is not None and dimension["weight_pct"] is not None:
        marks = "  " + sentence(
            lang,
            "waterfall.subtotal",
            points=_milli(dimension["points_milli"]),
            full=dimension["full_marks"],
            weight=dimension["weight_pct"],
        )
    name = Text(dimension["label"], style="bold")
    name.append(marks, style="dim")
    return [name, Text(), Text(), Text(), Text(_milli(dimension["share_milli"], sign=True), style="bold")]


def _bar(waterfall: dict[str, Any], start: int, end: int, cell: str = "█") -> Text:
    low, span = waterfall["low_milli"], max(waterfall["high_milli"] - waterfall["low_milli"], 1)
    left, right = sorted(((at - low) * BAR_CELLS + span // 2) // span for at in (start, end))
    if left == right and start != end:
        left, right = (left - 1, right) if right == BAR_CELLS else (left, right + 1)
    return Text(" " * left + (cell if end >= start else "░") * (right - left))


def _milli(milli: int, *, sign: bool = False) -> str:
    mark = "−" if milli < 0 else "+" if sign else ""
    whole, rest = divmod(abs(milli), 1000)
    return f"{mark}{whole:,}.{rest:03d}"
