"""The pack for the meeting of marketing and sales: what was handed over and what became of it."""

from __future__ import annotations

from markupsafe import Markup

from orchestration.reporting import charts
from orchestration.reporting.blocks import Column, Section, Table, lead, name, nowrap, rule, score
from orchestration.reporting.charts import Part
from orchestration.reporting.serving import Row
from orchestration.reporting.sources import PeriodSources, spoken

STEPS = ("fct_lead_lifecycle", "fct_lead_steps")
MOST_RETURNED = 15
MOST_WAITING = 10
MOST_RULE_CHANGES = 12
MOST_REPS = 15


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
    _judgements(sources, section)
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
                    score(row, labels),
                    nowrap(labels.day(row["returned_on"])),
                    name(row["rep_name"] or row["rep_ref"], labels),
                    return_reason(sources, row["return_reason"]),
                ]
                for row in returned
            ],
        ),
    )


def _judgements(sources: PeriodSources, section: Section) -> None:
    """Whose feedback holds, before anybody changes a rule because of it."""
    labels, text = sources.labels, sources.labels.text
    section.add("h3", text("period.yardstick_title"))
    lacking = sources.lacking("rpt_rep_yardstick")
    reps = [] if lacking else sources.rows("period_rep_yardstick", rows=MOST_REPS)
    if not reps:
        section.add("empty", lacking or sources.missing("sales_feedback") or text("period.nobody_judged"))
        return
    of_all = reps[0]
    section.add(
        "small",
        text(
            "period.yardstick_note",
            returned=labels.share(of_all["all_returned"], of_all["all_judged"]),
            agreed=labels.share(of_all["all_agreed"], of_all["all_settled"]),
        ),
    )
    section.add(
        "table",
        Table(
            [
                Column(text("period.who_judged"), "name"),
                Column(text("period.judged"), "n"),
                Column(text("period.return_rate"), "n"),
                Column(text("period.settled"), "n"),
                Column(text("period.agreement"), "n"),
                Column(text("period.accepted_in_vain"), "n"),
                Column(text("period.returned_in_error"), "n"),
                Column(text("period.standing")),
            ],
            [
                [
                    name(row["rep_name"] or row["rep_ref"], labels),
                    labels.count(row["judged"]),
                    labels.share(row["returned"], row["judged"]),
                    labels.count(row["settled"]),
                    labels.share(row["agreed"], row["settled"]),
                    labels.count(row["accepted_in_vain"]),
                    labels.count(row["returned_in_error"]),
                    labels.term(row["standing"], "rep_standing"),
                ]
                for row in reps
            ],
        ),
    )


def return_reason(sources: PeriodSources, code: str | None) -> str:
    """Return why sales sent a lead back, in words."""
    if code in (None, "none_given"):
        return sources.labels.text("period.none_given")
    return sources.labels.term(code, "reject_reason")


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
                    score(row, labels),
                    nowrap(labels.day(row["handed_over_on"])),
                    nowrap(labels.day(row["worked_on"])) if row["worked_on"] else text("period.not_yet"),
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
                    nowrap(labels.day(row["valid_from"])),
                    labels.rule(row["rule_key"], row["rule_id"]).owner,
                    name(row["why"], labels) if row["status"] == "active" else text("period.retired"),
                ]
                for row in changes
            ],
        ),
    )
