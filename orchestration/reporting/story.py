"""The story of one lead in words: who, where from, what happened, what it is worth, why it stands there."""

from __future__ import annotations

from collections import Counter
from datetime import date

from orchestration.reporting.evidence import read_evidence
from orchestration.reporting.history import history
from orchestration.reporting.labels import Labels, RuleLabel, keys_of
from orchestration.reporting.queue import UNASSIGNED, reasons
from orchestration.reporting.serving import Row, Serving
from orchestration.reporting.waterfall import Waterfall

MOST_RECORDS = 5
MOST_CLOCKS = 5
MOST_ALERTS = 5
MOST_LAST_TOUCHES = 10

QUALIFIERS = ("page_group", "form_purpose", "decision_stage", "menu_purpose", "scene_kind", "added_by")
SECONDS, MINUTES, PERCENT = "seconds", "minutes", "percent"
MEASURES = {
    "website.session": SECONDS,
    "call.connected": SECONDS,
    "call.inbound": SECONDS,
    "webinar.attended_live": MINUTES,
    "webinar.attended_replay": MINUTES,
    "website.video_play": PERCENT,
    "content.read_online": PERCENT,
}


def tell(
    serving: Serving,
    labels: Labels,
    lead: Row,
    waterfall: Waterfall,
    since: date | None = None,
    until: date | None = None,
) -> list[tuple[str, list[str]]]:
    """Return the story as (heading, sentences); the score's history is that between two day-ends."""
    lead_id = lead["lead_id"]
    moved = history(serving, labels, lead_id, since, until)
    return [
        (labels.text("story.who"), _who(serving, labels, lead)),
        (labels.text("story.came"), _came(serving, labels, lead)),
        (labels.text("story.did"), _did(serving, labels, lead_id)),
        (labels.text("story.score"), _score(labels, lead, waterfall)),
        *([(labels.text("story.history"), moved)] if moved else []),
        (labels.text("story.state"), _state(serving, labels, lead)),
        (
            labels.text("story.action"),
            [*_place(labels, lead), *_clocks(serving, labels, lead_id), *_alerts(serving, labels, lead_id)],
        ),
    ]


def name_of(labels: Labels, lead: Row) -> str:
    """Return person, company and title on one line."""
    person = lead["person_name"] or labels.text("story.unnamed")
    company = lead["company_name"] or labels.text("story.no_company")
    return " · ".join(part for part in (person, company, lead.get("job_title")) if part)


def last_touches(serving: Serving, labels: Labels, lead_id: str) -> list[dict[str, str]]:
    """Return the newest touches as words, newest first."""
    rows = serving.rows(
        "lead_touches", lead_id=lead_id, as_of_date=labels.day_end.as_of_date, rows=MOST_LAST_TOUCHES
    )
    return [
        {
            "at": labels.instant(row["occurred_at"]),
            "touch": touch_in_words(labels, row),
            "by": labels.text("story.automatic")
            if row["is_automatic"]
            else labels.term(row["initiative"], "initiative"),
        }
        for row in rows
    ]


def touch_in_words(labels: Labels, row: Row) -> str:
    """Return a touch with its qualifier, its measure and the content it was about."""
    touch = f"{row['channel']}.{row['touch_type']}"
    details = [labels.term(row["qualifier"], *QUALIFIERS)] if row["qualifier"] else []
    value, unit = row["measure_value"], MEASURES.get(touch)
    if value is not None and unit == SECONDS:
        details.append(labels.text("unit.minutes", n=(value + 30) // 60))
    elif value is not None and unit == MINUTES:
        details.append(labels.text("unit.minutes", n=value))
    elif value is not None and unit == PERCENT:
        details.append(f"{value}%")
    if row["content"]:
        details.append(row["content"])
    said = labels.term(touch, "touch")
    return f"{said}{labels.colon}{labels.join(details)}" if details else said


def _named(rule: RuleLabel) -> str:
    return f"{rule.rule_id} {rule.label}"


def _who(serving: Serving, labels: Labels, lead: Row) -> list[str]:
    text = labels.text
    groups = ("industry", "company_size", "region", "segment", "job_level", "decision_role")
    facts = [labels.term(lead[group], group) for group in groups if lead[group]]
    facts += [lead["city"]] if lead["city"] else []
    said = [text("story.company", parts=labels.join(facts))] if facts else []
    owned = lead["owner_ref"] not in (None, UNASSIGNED)
    said.append(
        text("story.owner", owner=lead["owner_name"] or lead["owner_ref"])
        if owned
        else text("story.no_owner")
    )
    said.append(text("story.records", n=lead["record_count"], date=labels.day(lead["first_known_on"])))
    records = serving.rows("lead_records", lead_id=lead["lead_id"])
    parts = [f"{labels.feed(row['feed'])} {row['record_key']}" for row in records[:MOST_RECORDS]]
    if len(records) > MOST_RECORDS:
        parts.append(text("story.more_records", n=len(records) - MOST_RECORDS))
    if parts:
        said.append(text("story.source_records", parts=labels.join(parts)))
    if lead["is_excluded"]:
        said.append(text("story.excluded", tags=_exclusions(labels, lead)))
    return said


def _came(serving: Serving, labels: Labels, lead: Row) -> list[str]:
    text = labels.text
    said = [text("story.source", channel=labels.source_channel(lead["source_channel"]))]
    if lead["campaign_ref"]:
        said.append(text("story.campaign", campaign=lead["campaign_ref"]))
    first = serving.rows("lead_first_touch", lead_id=lead["lead_id"], as_of_date=labels.day_end.as_of_date)
    if first:
        at = labels.instant(first[0]["occurred_at"])
        said.append(text("story.first_touch", at=at, touch=touch_in_words(labels, first[0])))
    return said


def _did(serving: Serving, labels: Labels, lead_id: str) -> list[str]:
    text = labels.text
    rows = serving.rows("lead_touch_counts", lead_id=lead_id, as_of_date=labels.day_end.as_of_date)
    if not rows:
        return [text("story.no_touch")]
    theirs = [row for row in rows if row["initiative"] != "ours"]
    most: Counter[str] = Counter()
    for row in theirs:
        most[labels.term(f"{row['channel']}.{row['touch_type']}", "touch")] += row["touches"]
    ranked = sorted(most.items(), key=lambda item: (-item[1], item[0]))[:5]
    said = [
        text(
            "story.touches",
            n=sum(row["touches"] for row in rows),
            customer=sum(row["touches"] for row in rows if row["initiative"] == "customer"),
            channels=len({row["channel"] for row in rows}),
            date=labels.day(max(row["last_on"] for row in rows)),
        )
    ]
    if ranked:
        parts = [f"{name} {text('unit.times', n=count)}" for name, count in ranked]
        said.append(text("story.most", parts=labels.join(parts)))
    return said


def _score(labels: Labels, lead: Row, waterfall: Waterfall) -> list[str]:
    text, points = labels.text, labels.points
    if lead["score_milli"] is None:
        return [text("story.not_scored")]
    said = [
        text(
            "story.score_line",
            score=lead["score"],
            exact=points(lead["score_milli"]),
            band=labels.term(lead["band"], "score_band"),
            fit=points(lead["fit_milli"], 1),
            engagement=points(lead["engagement_milli"], 1),
            need=points(lead["need_milli"], 1),
        )
    ]
    if lead["fit_milli"] == 0:
        against = [
            step
            for dimension in waterfall.dimensions
            if dimension.code == "fit"
            for step in dimension.steps
            if step.kind == "points" and step.rule and step.points_milli < 0
        ]
        if against:
            heaviest = min(
                against, key=lambda step: (step.points_milli, step.rule.rule_key if step.rule else "")
            )
            said.append(text("story.fit_zero", rule=_named(heaviest.rule) if heaviest.rule else ""))
    change = lead["score_change_7d_milli"]
    if change is not None:
        before = points(lead["score_milli"] - change, 1)
        said.append(text("story.change_line", before=before, change=points(change, 1, sign=True)))
    low, high = lead["score_min_milli"], lead["score_max_milli"]
    if low is not None and high is not None and low != high:
        said.append(text("story.range_line", min=points(low, 1), max=points(high, 1)))
    unknown = [labels.term(group, "tag_group") for group in keys_of(lead["unknown_tag_groups"])]
    if unknown:
        said.append(text("story.ask", groups=labels.join(unknown)))
    return said


def _state(serving: Serving, labels: Labels, lead: Row) -> list[str]:
    text, points = labels.text, labels.points
    said = []
    if lead["maturity_level"]:
        said.append(
            text(
                "story.maturity_line",
                level=labels.term(lead["maturity_level"], "maturity_level"),
                points=points(lead["maturity_milli"], 1),
                date=labels.day(lead["level_since_on"]),
                need=points(lead["need_clarity_milli"], 1),
                intent=points(lead["purchase_intent_milli"], 1),
                match=points(lead["product_match_milli"], 1),
                position=points(lead["decision_position_milli"], 1),
            )
        )
    stage = labels.term(lead["decision_stage"], "decision_stage")
    since = lead["stage_since_on"]
    if since:
        days = (labels.day_end.as_of_date - since).days
        said.append(text("story.stage_line", stage=stage, date=labels.day(since), days=days))
    else:
        said.append(text("story.stage_unknown", stage=stage))
    since = lead["conversion_stage_since_on"]
    if since:
        said.append(
            text(
                "story.conversion_line",
                stage=labels.term(lead["conversion_stage"], "conversion_stage"),
                date=labels.day(since),
                days=(labels.day_end.as_of_date - since).days,
                rule=labels.rule(lead["conversion_rule_key"]).rule_id,
            )
        )
    status, rule_key = labels.term(lead["lifecycle_status"], "lifecycle_status"), lead["lifecycle_rule_key"]
    if rule_key:
        said.append(text("story.status_by", status=status, rule=_named(labels.rule(rule_key))))
    else:
        said.append(text("story.status_line", status=status))
    recorded = serving.has("fct_status_transitions")
    for row in serving.rows("lead_status", lead_id=lead["lead_id"]) if recorded else []:
        said.append(
            text(
                "story.status_opening" if row["cause"] == "opening" else "story.status_since",
                date=labels.day(row["transition_on"]),
                days=row["days_in_status"],
                cause=labels.term(row["cause"], "transition_cause"),
            )
        )
    return said


def _place(labels: Labels, lead: Row) -> list[str]:
    text = labels.text
    if lead["overall_rank"] is None:
        excluded = _excluding_rule(labels, lead)
        if excluded:
            rule, value = excluded
            return [text("story.not_queued_by", rule=_named(rule), value=value)]
        return [text("story.not_queued")]
    owned = lead["owner_ref"] not in (None, UNASSIGNED)
    places = {"rank": lead["overall_rank"], "owner_rank": lead["queue_rank"]}
    said = [
        text("story.queue_line", owner=lead["owner_name"] or lead["owner_ref"], **places)
        if owned
        else text("story.queue_line_unowned", **places)
    ]
    why = reasons(labels, lead)
    values = {
        "tier": lead["tier"],
        "rule": _named(why["tier"]) if why["tier"] else text("report.none"),
        "points": labels.points(lead["priority_milli"], 1),
    }
    named = labels.join([_named(rule) for rule in why["rules"]])
    said.append(
        text("story.queue_tier", reasons=named, **values)
        if named
        else text("story.queue_tier_only", **values)
    )
    return said


def _excluding_rule(labels: Labels, lead: Row) -> tuple[RuleLabel, str] | None:
    carried = {
        "exclusion": (keys_of(lead["exclusion_tags"]), "exclusion"),
        "lifecycle_status": ([lead["lifecycle_status"]], "lifecycle_status"),
        "scope": ([lead["scope"]], "scope"),
    }
    for row in labels.rules_of("action__priority"):
        if row.get("priority_kind") == "exclude" and row.get("metric") in carried:
            values, vocabulary = carried[row["metric"]]
            caught = [value for value in values if value in keys_of(row.get("argument"))]
            if caught:
                rule = labels.rule(None, row["rule_id"])
                return rule, labels.join([labels.term(value, vocabulary) for value in caught])
    return None


def _exclusions(labels: Labels, lead: Row) -> str:
    return labels.join([labels.term(tag, "exclusion") for tag in keys_of(lead["exclusion_tags"])])


def _clocks(serving: Serving, labels: Labels, lead_id: str) -> list[str]:
    text = labels.text
    said = []
    for row in serving.rows("lead_clocks", lead_id=lead_id, rows=MOST_CLOCKS):
        stopped = ""
        if row["stopped_at"]:
            elapsed = labels.duration(row["elapsed_business_seconds"])
            stopped = text("story.clock_stopped", at=labels.instant(row["stopped_at"]), elapsed=elapsed)
        said.append(
            text(
                "story.clock_line",
                clock=_named(labels.rule(row["rule_key"])),
                state=labels.term(row["state"], "sla_state"),
                started=labels.instant(row["started_at"]),
                due=labels.instant(row["due_at"]),
                stopped=stopped,
            )
        )
    return said or [text("story.no_clock")]


def _alerts(serving: Serving, labels: Labels, lead_id: str) -> list[str]:
    text = labels.text
    said = []
    for row in serving.rows("lead_alerts", lead_id=lead_id, rows=MOST_ALERTS):
        pairs = [
            f"{name}{labels.colon}{value}" if name else value
            for name, value in read_evidence(row["evidence"], labels)
        ]
        said.append(
            text(
                "story.alert_line",
                kind=_named(labels.rule(row["rule_key"])),
                severity=labels.term(row["severity"], "alert_severity"),
                state=labels.term(row["state"], "alert_state"),
                date=labels.day(row["opened_on"]),
                evidence=f" ({'; '.join(pairs)})" if pairs else "",
            )
        )
    return said or [text("story.no_alert")]
