"""Life stories of leads: what the marts must show, with the arithmetic beside the number in each YAML file."""

from __future__ import annotations

import pytest
from world import SYSTEM, load_stories

CASES = [
    pytest.param(story, expectation, id=f"{story.name}-{number}")
    for story in load_stories()
    for number, expectation in enumerate(story.expect)
]


@pytest.mark.parametrize(("story", "expectation"), CASES)
def test_story(story, expectation, marts):
    columns = list(expectation["values"])
    condition = expectation.get("where", "true")
    rows = marts.execute(
        f"""
        select {", ".join(f"cast({column} as varchar)" for column in columns)}
        from marts.{expectation["table"]}
        where lead_id = (
            select lead_id from marts.dim_lead_aliases
            where feed = 'crm_leads' and record_key = ?
        ) and {condition}
        """,
        [f"{SYSTEM}:{expectation['lead']}"],
    ).fetchall()
    expected = tuple(None if value is None else str(value).lower() if isinstance(value, bool) else str(value) for value in expectation["values"].values())
    assert rows == [expected], f"{story.title}: {columns}"
