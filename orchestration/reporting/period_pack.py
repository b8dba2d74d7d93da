"""What marketing and sales talk about: hand-over, load, clocks, alerts, rules, completeness."""

from __future__ import annotations

from markupsafe import Markup

from orchestration.reporting import charts
from orchestration.reporting.blocks import Cell, Column, Section, Table, lead, name, rule
from orchestration.reporting.charts import Part
from orchestration.reporting.serving import Row
from orchestration.reporting.sources import CLOCK_NEEDS, PeriodSources, spoken

STEPS = ("fct_lead_lifecycle", "fct_lead_steps")
STATES = ("met", "due_soon", "running", "paused", "breached", "no_calendar")
MOST_RETURNED = 15
MOST_WAITING = 10
MOST_RULE_CHANGES = 12
MOST_REPS = 14
MOST_ALERTS = 10
MOST_POLICIES = 8
MOST_FILES = 6
HEALTH = ("works", "always_fired", "capped_away", "shadowed", "contradictory", "never_fired")


def hand_over(sources: PeriodSources) -> Section:
    """The meeting pack: handed over, accepted, returned with reasons, agreed rule changes."""
    labels, text = sources.labels, sources.labels.text
    section = Section("handover", text("period.handover_title"), starts_page=True)
    lacking = sources.lacking(*STEPS, "dim_reps")
    if lacking:
        return section.add("empty", lacking)
    given = sources.rows("period_handed_to")
    if not given:
        needs = sources.missing("lead_operations", "sales_feedback")
        return section.add("empty", needs or text("period.nothing_handed_over"))
    states = {state: sum(row[state] for row in given) for state in ("accepted", "returned", "waiting")}
    section.add(
        "p",
        text(
            "period.handover_counts",
            n=labels.count(sum(row["leads"] for row in given)),
            parts=labels.join(
                [f"{labels.term(state, 'handover_state')} {labels.count(n)}" for state, n in states.items()]
            ),
        ),
    )
    styles = {"accepted": "b1", "returned": "b3", "waiting": "b5"}

    def bar(row: Row) -> Markup:
        parts = [Part(labels.term(state, "handover_state"), row[state], styles[state]) for state in styles]
        return charts.stack_bar(
            parts,
            spoken(labels, labels.term("handed_over", "lead_step"), parts),
            whole=max(one["leads"] for one in given),
        )

    section.add(
        "legend", [Part(labels.term(state, "handover_state"), 1, style) for state, style in styles.items()]
    )
    section.add(
        "table",
        Table(
            [
                Column(text("period.rep"), "name"),
                Column(text("period.team")),
                Column(text("period.handover_states"), "chart"),
                Column(labels.term("handed_over", "lead_step"), "n"),
                Column(text("period.worked"), "n"),
                Column(labels.term("accepted", "lead_step"), "n"),
                Column(labels.term("returned", "lead_step"), "n"),
                Column(text("period.acceptance"), "n"),
            ],
            [
                [
                    name(row["rep_name"] or row["rep_ref"], labels)
                    if row["rep_ref"]
                    else text("period.rep_unknown"),
                    name(row["team"], labels),
                    bar(row),
                    labels.count(row["leads"]),
                    labels.count(row["worked"]),
                    labels.count(row["accepted"]),
                    labels.count(row["returned"]),
                    labels.share(row["accepted"], row["accepted"] + row["returned"]),
                ]
                for row in given
            ],
            "bars",
        ),
    )
    _returns(sources, section)
    _waiting(sources, section)
    _rule_changes(sources, section)
    return section


def _returns(sources: PeriodSources, section: Section) -> None:
    labels, text = sources.labels, sources.labels.text
    reasons = sources.rows("period_returns")
    section.add("h3", text("period.returns_title"))
    if not reasons:
        section.add("empty", sources.missing("sales_feedback") or text("period.nothing_returned"))
        return
    widest = max(max(row["leads"], row["before_leads"]) for row in reasons)
    section.add(
        "table",
        Table(
            [
                Column(text("period.reason"), "name"),
                Column(text("period.now"), "chart"),
                Column(text("breakdown.leads"), "n"),
                Column(text("period.before"), "n"),
            ],
            [
                [
                    return_reason(sources, row["reason"]),
                    charts.plain_bar(
                        row["leads"], widest, f"{return_reason(sources, row['reason'])} {row['leads']}"
                    ),
                    labels.count(row["leads"]),
                    labels.count(row["before_leads"]),
                ]
                for row in reasons
            ],
            "bars",
            keep=True,
        ),
    )
    returned = sources.rows("period_returned_leads", rows=MOST_RETURNED)
    section.add(
        "table",
        Table(
            [
                Column(text("period.returned_lead"), "wide"),
                Column(text("channels.name")),
                Column(text("changes.score"), "n"),
                Column(text("period.returned_on")),
                Column(text("period.by")),
                Column(text("period.reason")),
            ],
            [
                [
                    lead(row, labels),
                    labels.source_channel(row["source_channel"]),
                    _score(sources, row),
                    _nowrap(labels.day(row["returned_on"])),
                    name(row["rep_name"] or row["rep_ref"], labels),
                    return_reason(sources, row["return_reason"]),
                ]
                for row in returned
            ],
        ),
    )


def return_reason(sources: PeriodSources, code: str | None) -> str:
    """Return why sales sent a lead back, in words."""
    if code in (None, "none_given"):
        return sources.labels.text("period.none_given")
    return sources.labels.term(code, "reject_reason")


def _nowrap(shown: str) -> Markup:
    return Markup('<span class="nowrap">{}</span>').format(shown)


def _score(sources: PeriodSources, row: Row) -> Cell:
    if row["score"] is None:
        return sources.labels.text("report.none")
    return Markup('{} <span class="band" translate="no">{}</span>').format(row["score"], row["band"])


def _waiting(sources: PeriodSources, section: Section) -> None:
    labels, text = sources.labels, sources.labels.text
    waiting = sources.rows("period_waiting_leads", rows=MOST_WAITING)
    section.add("h3", text("period.waiting_title"))
    if not waiting:
        section.add("p", text("period.nothing_waits"))
        return
    section.add(
        "table",
        Table(
            [
                Column(text("changes.lead"), "wide"),
                Column(text("channels.name")),
                Column(text("changes.score"), "n"),
                Column(text("period.handed_over_on")),
                Column(text("period.worked_on")),
            ],
            [
                [
                    lead(row, labels),
                    labels.source_channel(row["source_channel"]),
                    _score(sources, row),
                    _nowrap(labels.day(row["handed_over_on"])),
                    _nowrap(labels.day(row["worked_on"])) if row["worked_on"] else text("period.not_yet"),
                ]
                for row in waiting
            ],
        ),
    )


def _rule_changes(sources: PeriodSources, section: Section) -> None:
    labels, text = sources.labels, sources.labels.text
    changes = sources.rows("period_rule_changes", rows=MOST_RULE_CHANGES)
    section.add("h3", text("period.rule_changes_title"))
    if not changes:
        section.add("p", text("period.no_rule_change"))
        return
    causes = sources.rows("period_causes")[0] if sources.serving.has("fct_score_changes") else {"day_ends": 0}
    if causes["day_ends"]:
        section.add("p", text("period.rule_effect", points=labels.points(causes["rule_milli"], 1, sign=True)))
    section.add(
        "table",
        Table(
            [
                Column(text("waterfall.rule"), "wide"),
                Column(text("period.from_on")),
                Column(text("waterfall.owner")),
                Column(text("period.why"), "wide"),
            ],
            [
                [
                    rule(labels.rule(row["rule_key"], row["rule_id"])),
                    _nowrap(labels.day(row["valid_from"])),
                    labels.rule(row["rule_key"], row["rule_id"]).owner,
                    name(row["why"], labels) if row["status"] == "active" else text("period.retired"),
                ]
                for row in changes
            ],
        ),
    )


def load(sources: PeriodSources) -> Section:
    """What each of our people did in the period and what lies on the desk."""
    labels, text = sources.labels, sources.labels.text
    section = Section("load", text("period.load_title"))
    lacking = sources.lacking("dim_reps")
    found = [] if lacking else sources.rows("period_load", rows=MOST_REPS)
    if not found:
        return section.add(
            "empty", lacking or sources.missing("sales_activities", "crm_reps") or text("period.nothing")
        )
    section.add("small", text("period.load_note"))
    return section.add(
        "table",
        Table(
            [
                Column(text("period.person"), "name"),
                Column(text("period.team")),
                *[
                    Column(text(f"period.load_{key}"), "n")
                    for key in ("calls", "connected", "meetings", "messages", "leads", "queue", "breached")
                ],
            ],
            [
                [
                    name(row["rep_name"] or row["rep_ref"], labels),
                    name(row["team"], labels),
                    *[
                        labels.count(row[key])
                        for key in (
                            "calls",
                            "connected",
                            "meetings",
                            "messages",
                            "leads",
                            "queue",
                            "breached",
                        )
                    ],
                ]
                for row in found
            ],
        ),
    )


def clocks(sources: PeriodSources) -> Section:
    """Response clocks that started in the period."""
    labels, text = sources.labels, sources.labels.text
    section = Section("sla", text("sla.title"))
    lacking = sources.lacking("fct_response_clocks")
    found = [] if lacking else sources.rows("period_clocks")
    if not found:
        return section.add("empty", lacking or sources.missing(*CLOCK_NEEDS) or text("period.no_clock"))
    widest = max(row["clocks"] for row in found)
    rows: list[list[Cell]] = []
    for row in found:
        of = labels.rule(row["rule_key"])
        parts = [Part(labels.term(state, "sla_state"), row[state], f"s-{state}") for state in STATES]
        rows.append(
            [
                rule(of),
                charts.stack_bar(parts, spoken(labels, of.label, parts), whole=widest),
                labels.count(row["clocks"]),
                labels.duration(row["budget_business_seconds"]),
                labels.duration(row["median_business_seconds"]),
                labels.share(row["met"], row["met"] + row["breached"]),
                labels.share(row["met_before"], row["met_before"] + row["breached_before"]),
            ]
        )
    section.add("small", text("period.sla_note"))
    section.add(
        "legend",
        [
            Part(labels.term(state, "sla_state"), 1, f"s-{state}")
            for state in STATES
            if any(row[state] for row in found)
        ],
    )
    return section.add(
        "table",
        Table(
            [
                Column(text("sla.policy"), "name wide"),
                Column(text("sla.states"), "chart"),
                Column(text("sla.clocks"), "n"),
                Column(text("sla.budget"), "n"),
                Column(text("sla.median"), "n"),
                Column(text("sla.met"), "n"),
                Column(text("period.before"), "n"),
            ],
            rows,
            "bars",
        ),
    )


def alerts(sources: PeriodSources) -> Section:
    """Alerts that opened and closed in the period."""
    labels, text = sources.labels, sources.labels.text
    section = Section("alerts", text("period.alerts_title"))
    lacking = sources.lacking("fct_alerts")
    found = [] if lacking else sources.rows("period_alerts")
    if not found:
        return section.add("empty", lacking) if lacking else section.add("p", text("period.no_alert"))
    section.add(
        "table",
        Table(
            [
                Column(text("alerts.alert")),
                Column(text("alerts.severity")),
                Column(text("period.opened"), "n"),
                Column(text("period.closed"), "n"),
                Column(text("period.still_open"), "n"),
            ],
            [
                [
                    labels.term(row["alert_kind"], "alert_kind"),
                    labels.term(row["severity"], "alert_severity"),
                    *[labels.count(row[key]) for key in ("opened", "closed", "still_open")],
                ]
                for row in found
            ],
            "compact",
            keep=True,
        ),
    )
    if sources.serving.has("rpt_alert_budget"):
        found_cost = sources.rows("period_alert_budget", rows=MOST_POLICIES)
        section.add("h3", text("period.budget_title"))
        section.add("table", _budget(sources, found_cost) if found_cost else None)
        section.add("p", "" if found_cost else text("period.no_budget"))
    gravest = sources.rows("period_alert_leads", rows=MOST_ALERTS)
    if gravest:
        section.add("h3", text("period.alert_leads"))
        section.add(
            "table",
            Table(
                [
                    Column(text("alerts.alert")),
                    Column(text("alerts.lead"), "wide"),
                    Column(text("changes.score"), "n"),
                    Column(text("alerts.since")),
                    Column(text("period.closed_on")),
                    Column(text("alerts.cause")),
                ],
                [
                    [
                        labels.term(row["alert_kind"], "alert_kind"),
                        lead(row, labels)
                        if row["person_name"] or row["lead_id"]
                        else text("alerts.whole_series"),
                        _score(sources, row),
                        _nowrap(labels.day(row["opened_on"])),
                        _nowrap(labels.day(row["closed_on"])),
                        labels.term(row["cause"], "alert_cause") if row["cause"] else text("report.none"),
                    ]
                    for row in gravest
                ],
            ),
        )
    return section


def _budget(sources: PeriodSources, found: list[Row]) -> Table:
    """How many alerts a week each policy costs at its threshold, by the record."""
    labels, text = sources.labels, sources.labels.text
    return Table(
        [
            Column(text("alerts.alert"), "wide"),
            Column(text("alerts.severity")),
            Column(text("period.days_watched"), "n"),
            Column(text("period.per_week"), "n"),
        ],
        [
            [
                rule(labels.rule(row["rule_key"])),
                labels.term(row["severity"], "alert_severity"),
                labels.count(row["days_watched"]),
                text("report.none")
                if row["opened_per_week_milli"] is None
                else labels.points(row["opened_per_week_milli"], 1),
            ]
            for row in found
        ],
        "compact",
        foot=[text("period.all_policies"), "", "", labels.points(found[0]["all_per_week_milli"], 1)],
        keep=True,
    )


def rules(sources: PeriodSources) -> Section:
    """Which rules do something and which don't."""
    labels, text = sources.labels, sources.labels.text
    section = Section("rules", text("period.rules_title"))
    lacking = sources.lacking("rpt_rule_coverage")
    health = {} if lacking else {row["finding"]: row["rules"] for row in sources.rows("period_rule_health")}
    if not health:
        return section.add("empty", lacking or sources.missing("crm_leads") or text("period.nothing"))
    styles = dict(zip(HEALTH, ("b1", "b2", "b3", "b4", "r-quarantined", "none"), strict=True))
    parts = [Part(labels.own("rule_finding", code), health.get(code, 0), styles[code]) for code in HEALTH]
    section.add("legend", [part for part in parts if part.value])
    section.add(
        "chart",
        charts.stack_bar(
            parts, spoken(labels, text("period.rules_title"), parts), whole=sum(health.values()), height=24
        ),
    )
    files = sources.rows("period_rule_files", rows=MOST_FILES)
    section.add("small", text("period.rules_note"))
    return section.add(
        "table",
        Table(
            [
                Column(text("period.rule_file"), "wide"),
                Column(text("period.rules"), "n"),
                Column(labels.own("rule_finding", "never_fired"), "n"),
                Column(text("period.without_effect"), "n"),
            ],
            [
                [
                    name(row["rule_file"], labels),
                    *[labels.count(row[key]) for key in ("rules", "never_fired", "without_effect")],
                ]
                for row in files
            ],
            "compact",
            keep=True,
        ),
    )


def completeness(sources: PeriodSources) -> Section:
    """How well each field of the intake standard is known."""
    labels, text = sources.labels, sources.labels.text
    section = Section("completeness", text("period.completeness_title"))
    lacking = sources.lacking("rpt_completeness")
    found = [] if lacking else sources.rows("period_completeness")
    if not found:
        return section.add(
            "empty", lacking or sources.missing("crm_leads", "form_submissions") or text("period.nothing")
        )
    section.add("small", text("period.completeness_note"))
    return section.add(
        "table",
        Table(
            [
                Column(text("period.field"), "name"),
                Column(text("period.known"), "chart"),
                Column(text("bands.share"), "n"),
                Column(text("period.weight"), "n"),
                Column(text("period.filled"), "n"),
                Column(text("period.asked_next"), "n"),
            ],
            [
                [
                    labels.attribute(row["field"]),
                    charts.plain_bar(
                        row["known"],
                        row["leads"],
                        f"{labels.attribute(row['field'])}: {labels.share(row['known'], row['leads'])}",
                        height=11,
                    ),
                    labels.share(row["known"], row["leads"]),
                    labels.count(row["weight"]),
                    labels.count(row["filled"]),
                    labels.count(row["asked_next"]),
                ]
                for row in found
            ],
            "bars",
        ),
    )
