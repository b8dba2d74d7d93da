"""The ledger's states by the second opinion (R15, DESIGN 5): each one is told its own inputs and scored in full, none is a remainder.

Written from the table of causes in docs/scoring.md. Between two day-ends, `before` and `after`, one input after the other is let in:

    identity     today's owners of records and keys; records that moved bring their attributes along
    rule         today's rules; tags that only they changed come with them
    attribute    today's tags, segment, company and statements
    late_data    what became known, or was taken back, about earlier days; answers of sales of earlier days
    decay        a day more of age
    inactivity   a day more of silence
    (behaviour)  what happened on the day: the day-end itself
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import duckdb
from oracle import Days, Fact, Lead, Rules, Score, Touch, active_people_by_company, begins_or_ends, score

CAUSES = ("identity", "rule", "attribute", "late_data", "decay", "inactivity")
STATED = {"tag", "form_field"}
ANSWERS = {"sales_feedback", "crm_stage"}
ALL_DAYS_OF_A_LEAD = {
    "tags": ("tagging.int_tagging__lead_tags", "tag_group, tag"),
    "segment": ("tagging.int_tagging__lead_segments", "segment"),
    "signals": ("tagging.int_tagging__lead_signals", "signal_key, occurred_on, known_on"),
    "company": ("cleansing.int_cleansing__lead_companies", "account_id"),
    "records": ("cleansing.int_cleansing__lead_members", "node_key"),
    "keys": ("cleansing.int_cleansing__key_owners", "key_key"),
    "attributes": ("tagging.int_tagging__lead_attributes", "attribute, value_text"),
}


@dataclass(frozen=True)
class _Seen:
    """A touch with the day-ends that see it and the words for it by their days."""

    touch: Touch
    visible: tuple[date, date]
    words: tuple[tuple[str, date, date], ...]


class LedgerInputs:
    """What the tables left of scoring say on two day-ends that follow each other."""

    def __init__(self, con: duckdb.DuckDBPyConnection, before: date, after: date):
        self.before, self.after = before, after
        self.of: dict[str, dict[date, dict[str, set]]] = {}
        for name, (table, columns) in ALL_DAYS_OF_A_LEAD.items():
            self.of[name] = {before: defaultdict(set), after: defaultdict(set)}
            rows = con.execute(f"select as_of_date, lead_id, {columns} from {table} where as_of_date in (?, ?)", [before, after]).fetchall()
            for as_of, lead_id, *values in rows:
                self.of[name][as_of][lead_id].add(tuple(values))
        self.touches: dict[str, list[_Seen]] = defaultdict(list)
        for lead_id, *touch, visible_from, visible_to, words in con.execute(
            """
            select
                owners.lead_id, touches.occurred_on, touches.channel, touches.touch_type, touches.measure_value,
                touches.initiative = 'ours' and touches.is_response = 1, touches.visible_from, touches.visible_to,
                list((qualifiers.qualifier, qualifiers.valid_from, qualifiers.valid_to)) filter (where qualifiers.qualifier is not null)
            from cleansing.int_cleansing__visible_touches as touches
            inner join cleansing.int_cleansing__key_owners as owners
                on touches.subject_key = owners.key_key and owners.as_of_date = ?
            left join tagging.int_tagging__touch_qualifiers as qualifiers on touches.touch_key = qualifiers.touch_key
            where not touches.is_automatic
            group by
                owners.lead_id, touches.touch_key, touches.delivery_id, touches.delivery_row, touches.occurred_on, touches.channel,
                touches.touch_type, touches.measure_value, touches.initiative, touches.is_response, touches.visible_from, touches.visible_to
            """,
            [after],
        ).fetchall():
            occurred_on, channel, touch_type, measure, is_our_attempt = touch
            told = Touch(occurred_on, channel, touch_type, frozenset(), measure, bool(is_our_attempt))
            # A struct comes back as a dictionary or a tuple, by version of the client.
            as_words = tuple(tuple(word.values()) if isinstance(word, dict) else tuple(word) for word in words or ())
            self.touches[lead_id].append(_Seen(told, (visible_from, visible_to), as_words))

    def differs(self, name: str, lead_id: str) -> bool:
        """Whether an input of a lead is not what it was."""
        return self.of[name][self.before][lead_id] != self.of[name][self.after][lead_id]

    def moved(self) -> set[str]:
        """Leads that a record left or joined, while it was somebody's on both days."""
        owner = {as_of: {node: lead for lead, nodes in self.of["records"][as_of].items() for (node,) in nodes} for as_of in (self.before, self.after)}
        both = owner[self.before].keys() & owner[self.after].keys()
        return {lead for node in both if owner[self.before][node] != owner[self.after][node] for lead in (owner[self.before][node], owner[self.after][node])}


def states(inputs: LedgerInputs, rules: Rules) -> dict[str, dict[str, Score]]:
    """By state, then lead: the score after each cause alone was let in, of every lead that was scored on both days."""
    before, after = inputs.before, inputs.after
    has_rules = begins_or_ends(rules, after)
    moved = inputs.moved()
    leads = sorted(inputs.of["segment"][before].keys() & inputs.of["segment"][after].keys())
    found = {}
    for place, state in enumerate(CAUSES):
        let_in = set(CAUSES[: place + 1])
        days = Days(
            rules=after if "rule" in let_in else before,
            age=after if "decay" in let_in else before,
            silence=after if "inactivity" in let_in else before,
        )
        told: dict[str, Lead] = {}
        company_of: dict[str, str] = {}
        for lead_id in leads:
            brought_by = "attribute"
            if lead_id in moved:
                brought_by = "identity"
            elif has_rules and not inputs.differs("attributes", lead_id):
                brought_by = "rule"
            attributes_on = after if brought_by in let_in else before
            [(segment,)] = inputs.of["segment"][attributes_on][lead_id]
            told[lead_id] = Lead(
                segment,
                frozenset(inputs.of["tags"][attributes_on][lead_id]),
                tuple(_touches(inputs, lead_id, "late_data" in let_in, days.rules)),
                tuple(_facts(inputs, lead_id, let_in, attributes_on, has_rules, lead_id in moved)),
            )
            company = inputs.of["company"][attributes_on][lead_id]
            if company:
                [(company_of[lead_id],)] = company
        people = active_people_by_company(told, company_of, rules, days)
        found[state] = {lead_id: score(lead, rules, days, people.get(lead_id)) for lead_id, lead in told.items()}
    return found


def _touches(inputs: LedgerInputs, lead_id: str, knows_late_data: bool, rules_on: date):
    known = inputs.after if knows_late_data else inputs.before
    for seen in inputs.touches[lead_id]:
        if seen.touch.occurred_on <= inputs.before and seen.visible[0] <= known < seen.visible[1]:
            words = frozenset(word for word, valid_from, valid_to in seen.words if valid_from <= rules_on < valid_to)
            touch = seen.touch
            yield Touch(touch.occurred_on, touch.channel, touch.touch_type, words, touch.measure, touch.is_our_attempt)


def _facts(inputs: LedgerInputs, lead_id: str, let_in: set[str], attributes_on: date, has_rules: bool, has_moved: bool):
    before, after = inputs.before, inputs.after
    today, yesterday = inputs.of["signals"][after][lead_id], inputs.of["signals"][before][lead_id]
    for signal, occurred_on, _ in inputs.of["signals"][attributes_on][lead_id]:
        if _kind(signal) in STATED:
            yield Fact(signal, occurred_on)
    # Answers replace one another, so they come together: with the day's own behaviour when the newest is of the day.
    newest = max((day for signal, day, _ in today if _kind(signal) in ANSWERS and day), default=None)
    are_late = newest is None or newest <= before
    for signal, occurred_on, _ in today if are_late and "late_data" in let_in else yesterday:
        if _kind(signal) in ANSWERS:
            yield Fact(signal, occurred_on)
    # What happened: as the day before knew it, read anew where keys or rules changed; then what is known of it today.
    reads_anew = has_moved or inputs.differs("keys", lead_id) or (has_rules and "rule" in let_in)
    for signal, occurred_on, known_on in today if reads_anew or "late_data" in let_in else yesterday:
        happened = _kind(signal) not in STATED | ANSWERS and occurred_on and occurred_on <= before
        if happened and ("late_data" in let_in or not reads_anew or (known_on and known_on <= before)):
            yield Fact(signal, occurred_on)


def _kind(signal: str) -> str:
    return signal.partition("|")[0]
