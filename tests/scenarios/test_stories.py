"""Life stories of leads: what the marts must show, with the arithmetic beside the number in each YAML file.

An expectation asks one of these questions, on the last day or, with `as_of`, on one of the seven days before it:

- `table`, `lead`, `values`: the row of that lead (and `where`, if it has several) holds these values;
- `table`, `lead`, `count`: so many rows. `record` instead of `lead` asks for the rows of one delivered record;
- `same_lead`, `different_leads`: the records named became one lead, or as many leads as there are records;
- `no_lead`: the record named stands for nobody.

A record is named by its id of `crm_leads`, or `system:id` where it isn't the common CRM of the world.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from oracle import Rules
from oracle_inputs import disagreements
from world import SYSTEM, load_stories

QUESTIONS = {"table", "lead", "record", "where", "as_of", "values", "count", "same_lead", "different_leads", "no_lead"}

# The marts show the last day-end; on an earlier one the same columns are read where the marts take them from.
HISTORY = {
    "fct_lead_scores": """
        scoring.int_scoring__lead_scores
        left join maturity.int_maturity__lead_maturity using (as_of_date, lead_id)
        left join maturity.int_maturity__decision_stages using (as_of_date, lead_id)
    """,
    "dim_leads": """
        cleansing.int_cleansing__leads
        left join maturity.int_maturity__lead_lifecycle using (as_of_date, lead_id)
    """,
    "fct_score_contributions": "scoring.int_scoring__contributions",
    "fct_lead_tags": "tagging.int_tagging__lead_tags",
}

CASES = [
    pytest.param(story, expectation, id=f"{story.name}-{number}")
    for story in load_stories()
    for number, expectation in enumerate(story.expect)
]


def leads_of(marts, records: list[str], as_of: Any) -> list[str | None]:
    """The lead that each record belongs to at a day-end; None where it belongs to nobody."""
    found = []
    for record in records:
        row = marts.execute(
            """
            select lead_id from cleansing.int_cleansing__lead_members
            where feed = 'crm_leads' and record_key = ? and as_of_date = coalesce(
                try_cast(? as date), (select as_of_date from cleansing.int_cleansing__day_ends where is_current)
            )
            """,
            [record if ":" in record else f"{SYSTEM}:{record}", as_of and str(as_of)],
        ).fetchone()
        found.append(row[0] if row else None)
    return found


def as_text(value: Any) -> str | None:
    """A YAML value the way DuckDB writes it."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("story", load_stories(), ids=lambda story: story.name)
def test_story_is_named_after_its_requirement(story):
    assert story.name.split("_")[0].upper() in story.requirements, f"{story.name}.yml says it proves {story.requirements}"


@pytest.mark.parametrize(("story", "expectation"), CASES)
def test_story(story, expectation, marts):
    assert not set(expectation) - QUESTIONS, f"{story.name}: nobody reads {set(expectation) - QUESTIONS}"
    as_of = expectation.get("as_of")
    if "same_lead" in expectation:
        leads = leads_of(marts, expectation["same_lead"], as_of)
        assert None not in leads and len(set(leads)) == 1, f"{story.title}: {leads}"
        return
    if "different_leads" in expectation:
        leads = leads_of(marts, expectation["different_leads"], as_of)
        assert None not in leads and len(set(leads)) == len(leads), f"{story.title}: {leads}"
        return
    if "no_lead" in expectation:
        assert leads_of(marts, [expectation["no_lead"]], as_of) == [None], story.title
        return

    table, where, conditions, parameters = expectation["table"], expectation.get("where", "true"), [], []
    if as_of:
        conditions.append("as_of_date = ?")
        parameters.append(str(as_of))
    if "lead" in expectation:
        [lead] = leads_of(marts, [expectation["lead"]], as_of)
        assert lead, f"{story.title}: nobody is called {expectation['lead']}"
        conditions.append("lead_id = ?")
        parameters.append(lead)
    if "record" in expectation:
        conditions.append("record_key = ?")
        parameters.append(f"{SYSTEM}:{expectation['record']}")
    source = HISTORY[table] if as_of else f"marts.{table}"
    condition = " and ".join([*conditions, f"({where})"])

    if "count" in expectation:
        [[rows]] = marts.execute(f"select count(*) from {source} where {condition}", parameters).fetchall()
        assert rows == expectation["count"], f"{story.title}: rows of {table} where {where}"
        return
    columns = list(expectation["values"])
    rows = marts.execute(
        f"select {', '.join(f'cast({column} as varchar)' for column in columns)} from {source} where {condition}", parameters
    ).fetchall()
    assert rows == [tuple(as_text(value) for value in expectation["values"].values())], f"{story.title}: {columns}"


def test_second_opinion_agrees_on_every_lead_and_day(marts):
    """R15: the same sums in plain Python (tests/oracle), to the thousandth, on all eight day-ends."""
    rules = Rules(Path(__file__).resolve().parents[2] / "seeds")
    for (as_of,) in marts.execute("select as_of_date from cleansing.int_cleansing__day_ends").fetchall():
        leads, found = disagreements(marts, rules, as_of)
        assert leads and found == [], "\n".join(found[:5])
