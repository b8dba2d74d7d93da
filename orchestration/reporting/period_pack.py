"""What marketing and sales talk about: load, clocks, alerts, rules, completeness."""

from __future__ import annotations

from orchestration.reporting import charts
from orchestration.reporting.blocks import Cell, Column, Section, Table, lead, name, nowrap, rule, score
from orchestration.reporting.charts import Part
from orchestration.reporting.serving import Row
from orchestration.reporting.sources import CLOCK_NEEDS, PeriodSources, spoken

STATES = ("met", "due_soon", "running", "paused", "breached", "no_calendar")
MOST_REPS = 14
MOST_ALERTS = 10
MOST_POLICIES = 8
MOST_FILES = 6
HEALTH = ("works", "always_fired", "capped_away", "shadowed", "contradictory", "never_fired")


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
                        score(row, labels),
                        nowrap(labels.day(row["opened_on"])),
                        nowrap(labels.day(row["closed_on"])),
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
