"""What the oracle is told, read from the tables left of scoring of a built warehouse."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import duckdb
from oracle import Fact, Lead, Rules, Score, Touch, active_people_by_company, score

SCORE_COLUMNS = (
    "fit_milli", "engagement_milli", "need_milli", "bant_milli", "score_milli", "score_min_milli", "score_max_milli",
    "unknown_tag_groups",
)  # fmt: skip


def leads_at(con: duckdb.DuckDBPyConnection, as_of: date) -> tuple[dict[str, Lead], dict[str, str]]:
    """Every lead at a day-end as the oracle wants it, and the company of each that has one."""
    tags: dict[str, set] = defaultdict(set)
    for lead_id, tag_group, tag in con.execute(
        "select lead_id, tag_group, tag from tagging.int_tagging__lead_tags where as_of_date = ?", [as_of]
    ).fetchall():
        tags[lead_id].add((tag_group, tag))
    facts: dict[str, list] = defaultdict(list)
    for lead_id, signal, occurred_on in con.execute(
        "select lead_id, signal_key, occurred_on from tagging.int_tagging__lead_signals where as_of_date = ?", [as_of]
    ).fetchall():
        facts[lead_id].append(Fact(signal, occurred_on))
    touches: dict[str, list] = defaultdict(list)
    for lead_id, occurred_on, channel, touch_type, measure, is_our_attempt, qualifiers in con.execute(
        """
        select
            owners.lead_id, touches.occurred_on, touches.channel, touches.touch_type, touches.measure_value,
            touches.initiative = 'ours' and touches.is_response = 1,
            list(qualifiers.qualifier) filter (where qualifiers.qualifier is not null)
        from cleansing.int_cleansing__visible_touches as touches
        inner join cleansing.int_cleansing__key_owners as owners
            on touches.subject_key = owners.key_key and owners.as_of_date = $as_of
        left join tagging.int_tagging__touch_qualifiers as qualifiers
            on touches.touch_key = qualifiers.touch_key
            and qualifiers.valid_from <= $as_of and $as_of < qualifiers.valid_to
        where
            touches.occurred_on <= $as_of and touches.visible_from <= $as_of and $as_of < touches.visible_to
            and not touches.is_automatic
        group by
            owners.lead_id, touches.touch_key, touches.delivery_id, touches.delivery_row, touches.occurred_on,
            touches.channel, touches.touch_type, touches.measure_value, touches.initiative, touches.is_response
        """,
        {"as_of": as_of},
    ).fetchall():
        touches[lead_id].append(
            Touch(occurred_on, channel, touch_type, frozenset(qualifiers or ()), measure, bool(is_our_attempt))
        )
    leads = {
        lead_id: Lead(segment, frozenset(tags[lead_id]), tuple(touches[lead_id]), tuple(facts[lead_id]))
        for lead_id, segment in con.execute(
            "select lead_id, segment from tagging.int_tagging__lead_segments where as_of_date = ?", [as_of]
        ).fetchall()
    }
    company_of = dict(
        con.execute(
            """
            select lead_id, account_id from cleansing.int_cleansing__lead_companies
            where as_of_date = ? and account_id is not null
            """,
            [as_of],
        ).fetchall()
    )
    return leads, company_of


def disagreements(con: duckdb.DuckDBPyConnection, rules: Rules, as_of: date) -> tuple[int, list[str]]:
    """How many leads were compared at a day-end, and one line per lead on which warehouse and oracle differ."""
    leads, company_of = leads_at(con, as_of)
    people = active_people_by_company(leads, company_of, rules, as_of)
    told = {
        lead_id: Score(*values)
        for lead_id, *values in con.execute(
            f"select lead_id, {', '.join(SCORE_COLUMNS)} from scoring.int_scoring__lead_scores where as_of_date = ?", [as_of]
        ).fetchall()
    }
    found = [f"{lead_id}: scored without being known" for lead_id in told.keys() - leads.keys()]
    for lead_id, lead in sorted(leads.items()):
        expected = score(lead, rules, as_of, people.get(lead_id))
        if told.get(lead_id) != expected:
            found.append(f"{as_of} {lead_id}: warehouse {told.get(lead_id)}, second opinion {expected}")
    return len(leads), found
