"""Opportunities: what the rows of rule_anomaly__report_findings point out, each with the rows behind it."""

from __future__ import annotations

from typing import Any

from markupsafe import escape

from orchestration.reporting.blocks import Cell, Section, money, name, rule
from orchestration.reporting.period_hand_over import return_reason
from orchestration.reporting.serving import Row
from orchestration.reporting.sources import PeriodSources
from orchestration.sql import literal

MOST_FINDINGS = 3
MOST_IDS = 4
# Where the subject stands in a sentence until the sentence is safe for the page.
PLACE = "\x1a"

# The rows behind a finding: ids in the first column, in a fixed order.
LEADS = "select lead_id from marts.fct_lead_lifecycle where scope = {scope} and "
QUERIES = {
    "low_acceptance": LEADS
    + "source_channel = {subject} and handover_state = 'returned' "
    + "and handed_over_on between {first} and {until} order by lead_id",
    "unworked_hand_over": LEADS
    + "worked_on is null and handover_state = 'waiting' and handed_over_on <= {until} "
    + "and {day} - handed_over_on > {threshold} order by lead_id",
    "frequent_return_reason": LEADS
    + "coalesce(return_reason, 'none_given') = {subject} "
    + "and returned_on between {first} and {until} order by lead_id",
    "costly_campaign": LEADS
    + "coalesce(campaign_ref, 'unknown') = {subject} "
    + "and captured_on between {first} and {until} order by lead_id",
    "low_validity": LEADS
    + "source_channel = {subject} and not is_valid "
    + "and captured_on between {first} and {until} order by lead_id",
    "field_gap": "select lead_id from marts.fct_lead_fields "
    "where field = {subject} and not is_known order by lead_id",
    "idle_rule": "select rule_id from marts.rpt_rule_coverage where finding = 'never_fired' order by rule_id",
    "mql_not_handed_over": LEADS
    + "lifecycle_status = 'mql' and handed_over_on is null and {day} - captured_on > {threshold} "
    + "and coalesce({day} - status_since_on_record > {threshold}, true) order by lead_id",
    "missed_clock": "select lead_id, clock_key from marts.fct_response_clocks "
    "where rule_key = {subject} and state = 'breached' "
    "and started_at >= {from_at} and started_at < {to_at} order by lead_id, clock_key",
}


def findings(sources: PeriodSources) -> Section:
    """What the rules of the report point out, each with the rows behind it."""
    text = sources.labels.text
    section = Section("opportunities", text("period.findings_title"))
    lacking = sources.lacking(
        "fct_lead_lifecycle", "rpt_outcomes", "rpt_completeness", "rpt_rule_coverage", "fct_response_clocks"
    )
    if lacking:
        return section.add("empty", lacking)
    found = sources.rows("period_findings")
    if not found:
        return section.add("p", text("period.no_finding"))
    section.add("small", text("period.findings_note"))
    shown: dict[str, int] = {}
    for row in found:
        shown[row["finding"]] = shown.get(row["finding"], 0) + 1
        if shown[row["finding"]] <= MOST_FINDINGS:
            section.add("finding", _finding(sources, row))
    return section


def _finding(sources: PeriodSources, row: Row) -> dict[str, Any]:
    labels, text = sources.labels, sources.labels.text
    query = _query(sources, row)
    ids = [str(found[0]) for found in sources.serving.connection.execute(query).fetchall()]
    of = labels.rule(row["rule_key"])
    said = escape(
        text(
            f"finding.{row['finding']}",
            subject=PLACE,
            part=labels.count(row["part"]),
            whole=labels.count(row["whole"]),
            behind=labels.count(row["behind"]),
            share=labels.share(row["part"], row["whole"]),
            threshold=labels.count(row["threshold"]),
            value=money(row["value"], labels),
            yardstick=money(row["yardstick"], labels),
        )
    )
    return {
        "rule": rule(of),
        "owner": of.owner,
        "said": said.replace(PLACE, escape(_subject(sources, row["finding"], row["subject"]))),
        "ids": ids[:MOST_IDS],
        "more": max(len(ids) - MOST_IDS, 0),
        "query": query,
    }


def _subject(sources: PeriodSources, finding: str, code: str | None) -> Cell:
    labels = sources.labels
    if code is None:
        return ""
    if finding in ("low_acceptance", "low_validity"):
        return labels.source_channel(code)
    if finding == "frequent_return_reason":
        return return_reason(sources, code)
    if finding == "costly_campaign":
        found = (
            sources.rows("period_campaign_name", campaign_id=code)
            if sources.serving.has("dim_campaigns")
            else []
        )
        return name(found[0]["campaign_name"] if found else code, labels)
    if finding == "field_gap":
        return labels.attribute(code)
    return labels.rule(code).label


def _query(sources: PeriodSources, row: Row) -> str:
    at = sources.parameters
    days = {"first": at["first_on"], "until": at["until_on"], "day": at["as_of_date"]}
    return QUERIES[row["finding"]].format(
        scope=literal(at["scope"]),
        subject=literal(row["subject"] or ""),
        threshold=row["threshold"],
        **{key: f"date '{day}'" for key, day in days.items()},
        **{key: f"timestamp '{at[key]}'" for key in ("from_at", "to_at")},
    )
