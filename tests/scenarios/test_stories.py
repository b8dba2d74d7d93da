"""Life stories of leads: what the marts must show, with the arithmetic beside the number in each YAML file.

An expectation asks one of these questions, on the last day or, with `as_of`, on one of the seven days before it:

- `table`, `lead`, `values`: the row of that lead (and `where`, if it has several) holds these values;
- `lead_on` beside `lead`: the id that the lead had on that day, for rows of a lead that another one absorbed since;
- `table`, `lead`, `count`: so many rows. `record` instead of `lead` asks for the rows of one delivered record, `account` (a company
  by its name) for those of one account;
- `same_lead`, `different_leads`: the records named became one lead, or as many leads as there are records;
- `no_lead`: the record named stands for nobody.

A record is named by its id of `crm_leads`, or `system:id` where it isn't the common CRM of the world.
"""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from clock_oracle import timed
from oracle import Rules
from oracle_inputs import disagreements
from scenario_world import PROJECT, STORIES_BUILT_AS_OF
from world import SYSTEM, load_stories

from orchestration.rules.overlay import lay_over
from orchestration.warehouse.dbt import Dbt

pytestmark = pytest.mark.slow

CAUSES = ["new", "identity", "rule", "attribute", "late_data", "decay", "inactivity", "behaviour"]
LEDGER = "scoring.int_scoring__score_changes"
DEMO_REQUEST = """
    select rule_id || '@2000-01-01' from rules.rul_scoring__engagement
    where touch_type = 'form_submit' and qualifier = 'demo_request'
"""

QUESTIONS = {
    "table", "lead", "lead_on", "record", "account", "where", "as_of", "values", "count", "same_lead", "different_leads", "no_lead",
}

# The marts show the last day-end; on an earlier one the same columns are read where the marts take them from.
HISTORY = {
    "fct_lead_scores": """
        scoring.int_scoring__lead_scores
        left join maturity.int_maturity__lead_maturity using (as_of_date, lead_id)
        left join maturity.int_maturity__decision_stages using (as_of_date, lead_id)
        left join (
            select as_of_date, lead_id, state as conversion_stage, entered_on as conversion_stage_since_on
            from maturity.int_maturity__state_path
            where state_kind = 'conversion_stage' and entered_on <= as_of_date and as_of_date < left_on
        ) using (as_of_date, lead_id)
    """,
    "dim_leads": """
        cleansing.int_cleansing__leads
        left join maturity.int_maturity__lead_lifecycle using (as_of_date, lead_id)
    """,
    "fct_score_contributions": "scoring.int_scoring__contributions",
    "fct_lead_tags": "tagging.int_tagging__lead_tags",
    "int_action__series_alert_days": "action.int_action__series_alert_days",
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
        [lead] = leads_of(marts, [expectation["lead"]], expectation.get("lead_on", as_of))
        assert lead, f"{story.title}: nobody is called {expectation['lead']}"
        conditions.append("lead_id = ?")
        parameters.append(lead)
    if "account" in expectation:
        accounts = marts.execute("select account_id from marts.dim_accounts where account_name = ?", [expectation["account"]]).fetchall()
        assert len(accounts) == 1, f"{story.title}: {len(accounts)} accounts are called {expectation['account']}"
        conditions.append("account_id = ?")
        parameters.append(accounts[0][0])
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


def test_conversion_stages_are_those_of_a_machine_that_goes_day_by_day(marts):
    """R21: whoever keeps yesterday's stages in mind and looks at today only comes to the same path as the closed form."""
    stages = marts.execute(
        """
        select stage_order, conversion_stage, window_days, min_active_days, min_depth, min_content_items, leave_after_inactive_days
        from rules.rul_maturity__conversion_stages order by stage_order
        """
    ).fetchall()
    touches: dict[str, list[tuple]] = {}
    for lead, *touch in marts.execute(
        f"""
        select lead_id, occurred_on, greatest(occurred_on, known_on), depth, null from scoring.int_scoring__engagement_days
        where state = 'day_end' and is_activity = 1 and as_of_date = date '{STORIES_BUILT_AS_OF}'
        union all
        select t.lead_id, t.occurred_on, greatest(t.occurred_on, t.known_on), 0, t.content_ref from marts.fct_touchpoints as t
        semi join scoring.int_scoring__engagement_days as d
            on t.lead_id = d.lead_id and t.occurred_on = d.occurred_on and t.channel = d.channel and t.touch_type = d.touch_type
            and d.state = 'day_end' and d.is_activity = 1 and d.as_of_date = date '{STORIES_BUILT_AS_OF}'
        where t.content_ref is not null and not t.is_automatic
        """
    ).fetchall():
        touches.setdefault(lead, []).append(tuple(touch))
    last = date.fromisoformat(STORIES_BUILT_AS_OF)
    expected = set()
    for lead, found in touches.items():
        held: set[str] = set()
        day = min(known for _, known, *_ in found)
        while day <= last:
            seen = [touch for touch in found if touch[1] <= day]
            for _, stage, window, days, depth, items, leave in stages:
                if all((day - on).days >= leave for on, _, _, item in seen if item is None):
                    held.discard(stage)
                    continue
                recent = [touch for touch in seen if (day - touch[0]).days < window]
                if (
                    len({on for on, *_ in recent}) >= days
                    and max((deep for _, _, deep, _ in recent), default=0) >= depth
                    and len({item for *_, item in recent if item}) >= items
                ):
                    held.add(stage)
            if held:
                expected.add((lead, day, next(stage for _, stage, *_ in reversed(stages) if stage in held)))
            day += timedelta(days=1)
    got = set(
        marts.execute(
            f"""
            select lead_id, unnest(generate_series(entered_on, left_on - 1, interval 1 day))::date, state
            from maturity.int_maturity__state_path
            where state_kind = 'conversion_stage' and state is not null and as_of_date = date '{STORIES_BUILT_AS_OF}'
            """
        ).fetchall()
    )
    assert len({stage for *_, stage in got}) == len(stages)
    assert got == expected, sorted(got ^ expected, key=str)[:5]


def test_every_clock_is_what_laying_out_its_hours_says(marts):
    """R32: elapsed business seconds and deadlines of all clocks of all stories, pauses cut out one by one."""
    pauses: dict[tuple[str, str], list[tuple]] = {}
    for lead, clock, *stretch in marts.execute(
        f"""
        select lead_id, clock, paused_at, resumes_at from action.int_action__clock_pauses
        where as_of_date = date '{STORIES_BUILT_AS_OF}' order by paused_at
        """
    ).fetchall():
        pauses.setdefault((lead, clock), []).append(tuple(stretch))
    clocks = marts.execute(
        """
        select c.lead_id, c.clock, c.calendar, c.started_at, coalesce(c.stopped_at, d.clock_at), c.budget_business_seconds,
            c.elapsed_business_seconds, c.due_at, c.paused_business_seconds
        from marts.fct_response_clocks as c cross join cleansing.int_cleansing__day_ends as d where d.is_current
        """
    ).fetchall()
    wrong = []
    for lead, clock, calendar, started, ended, budget, elapsed, due, _ in clocks:
        stretches = [stretch for stretch in pauses.get((lead, clock), []) if stretch[0] < ended]
        if (expected := timed(calendar, started, ended, budget, stretches)) != (elapsed, due):
            wrong.append((lead, clock, started, ended, (elapsed, due), expected))
    assert {clock for _, clock, *_ in clocks} == {"first_response", "acceptance", "follow_up", "time_in_stage"}
    assert len(clocks) > 50 and sum(paused > 0 for *_, paused in clocks) >= 3
    assert not wrong, wrong[:3]


def test_a_stricter_limit_is_asked_before_it_holds(marts, tmp_path):
    """R32: what `replay --rules-as-of` builds. 25 minutes kept 30 and would not have kept 20; until that day nothing changes."""
    shutil.copy(marts.execute("select path from duckdb_databases() where path is not null").fetchone()[0], tmp_path / "warehouse.duckdb")
    policies = PROJECT.parent / "seeds" / "rules" / "sla" / "rule_sla__policies.csv"
    text = policies.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("SLA-001,2000-01-01,"))
    stricter = row.replace("2000-01-01", "2026-12-01", 1).replace(",30,50,", ",20,50,", 1)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / policies.name).write_text(f"{text.rstrip()}\n{stricter}\n", encoding="utf-8")
    dbt = Dbt(PROJECT, tmp_path, lay_over(PROJECT.parent / "seeds", tmp_path / "own", tmp_path / "seeds"))
    [lead] = leads_of(marts, ["lunch"], None)
    clocks = ("int_action__clock_starts", "int_action__clock_hours", "int_action__clocks", "fct_response_clocks")
    models = ("rul_all_rules", "dim_rules", *clocks)
    told = {}
    for rules_as_of in ("", "2026-12-01"):
        variables = {"as_of_date": STORIES_BUILT_AS_OF, "rules_as_of": rules_as_of}
        built = dbt.build(["--select", policies.stem, "rul_sla__policies", *models], variables)
        assert built.is_green, built.explanation()
        with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as con:
            told[rules_as_of] = con.execute(
                "select rule_key, state, elapsed_business_seconds, due_at::varchar from marts.fct_response_clocks "
                "where clock = 'first_response' and lead_id = ?", [lead],
            ).fetchall()
    assert told[""] == [("SLA-001@2000-01-01", "met", 1500, "2026-11-19 05:20:00")]
    # 10 minutes to noon, 10 after 13:00
    assert told["2026-12-01"] == [("SLA-001@2026-12-01", "breached", 1500, "2026-11-19 05:10:00")]


# The ledger, over all stories and the seven days before the last one (R15, DESIGN 5).


def test_before_and_causes_are_after(marts):
    causes = " + ".join(f"{cause}_milli" for cause in CAUSES)
    rows, wrong = marts.execute(
        f"select count(*), count(*) filter (coalesce(before_milli, 0) + {causes} <> after_milli) from {LEDGER}"
    ).fetchone()
    assert rows > 100
    assert wrong == 0


def test_scores_of_the_ledger_are_the_scores(marts):
    """The ledger's before and after are the published scores of both day-ends, for every lead and day."""
    missing = marts.execute(
        f"""
        select count(*) from scoring.int_scoring__lead_scores as scores
        inner join scoring.int_scoring__day_end_pairs as pairs using (as_of_date)
        left join {LEDGER} as changes using (as_of_date, lead_id)
        left join scoring.int_scoring__lead_scores as earlier
            on earlier.as_of_date = pairs.previous_on and earlier.lead_id = scores.lead_id
        where changes.after_milli is distinct from scores.score_milli
            or changes.before_milli is distinct from earlier.score_milli
        """
    ).fetchone()[0]
    assert missing == 0


@pytest.fixture(scope="module")
def rebuilt(marts, tmp_path_factory):
    """Scoring once more, in a copy of the warehouse; returns the ledger."""
    warehouse = Path(marts.execute("select path from duckdb_databases() where path is not null").fetchone()[0])
    home = tmp_path_factory.mktemp("ledger")
    shutil.copy(warehouse, home / "warehouse.duckdb")
    dbt = Dbt(PROJECT, home)

    def rows(*selection: str, **variables) -> list[tuple]:
        built = dbt.build(["--select", *selection], {"as_of_date": STORIES_BUILT_AS_OF, **variables})
        assert built.is_green, built.explanation()
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
            return con.execute(f"select * from {LEDGER} order by all").fetchall()

    rows.warehouse = home / "warehouse.duckdb"
    return rows


def test_leads_without_changed_inputs_only_decay(marts, rebuilt):
    """All states of every lead give the same ledger, so leaving them out for the others loses nothing."""
    expected = marts.execute(f"select * from {LEDGER} order by all").fetchall()
    assert rebuilt("path:models/scoring", ledger_of_every_lead=True) == expected


@pytest.fixture(scope="module")
def timeless(rebuilt):
    """The ledger under rules in which nothing ages, with a demo request worth 10 points more from the last day on."""
    with duckdb.connect(str(rebuilt.warehouse)) as con:
        for rules in ("engagement", "need"):
            con.execute(f"update rules.rul_scoring__{rules} set half_life_days = null")
        con.execute("delete from rules.rul_scoring__engagement_patterns where window_days is not null")
        for rules, change in (("rul_scoring__engagement", ", points + 10 as points"), ("rul_all_rules", "")):
            changed = f"from rules.{rules} where rule_key in ({DEMO_REQUEST})"
            con.execute(f"create temp table successors as select * {changed}")
            con.execute(f"update rules.{rules} set valid_to = date '{STORIES_BUILT_AS_OF}' where rule_key in ({DEMO_REQUEST})")
            con.execute(
                f"""
                insert into rules.{rules} select * replace (
                    rule_id || '@{STORIES_BUILT_AS_OF}' as rule_key, date '{STORIES_BUILT_AS_OF}' as valid_from {change}
                ) from successors
                """
            )
            con.execute("drop table successors")
    rebuilt("path:models/scoring")
    con = duckdb.connect(str(rebuilt.warehouse), read_only=True)
    yield con
    con.close()


@pytest.mark.parametrize("cause", [cause for cause in CAUSES if cause != "decay"])
def test_a_day_on_which_only_that_happens_names_no_other_cause(timeless, cause):
    others = " and ".join(f"{other}_milli = 0" for other in CAUSES if other != cause)
    alone = timeless.execute(f"select count(*) from {LEDGER} where {cause}_milli <> 0 and {others}").fetchone()[0]
    assert alone > 0


def test_where_nothing_ages_nothing_decays(timeless):
    assert timeless.execute(f"select count(*) from {LEDGER} where decay_milli <> 0").fetchone() == (0,)


def test_a_day_on_which_only_time_passes_is_decay_alone(marts):
    others = " and ".join(f"{other}_milli = 0" for other in CAUSES if other != "decay")
    assert marts.execute(f"select count(*) from {LEDGER} where decay_milli < 0 and {others}").fetchone()[0] > 50


def test_a_rule_moves_only_what_it_rules(timeless):
    """Ten points more for a demo request: the leads that made one, on the day from which it holds, and nobody else."""
    moved = timeless.execute(f"select distinct as_of_date::varchar, lead_id, sign(rule_milli) from {LEDGER} where rule_milli <> 0").fetchall()
    requested = timeless.execute(
        f"""
        select distinct lead_id from scoring.int_scoring__engagement_days
        where rule_key in (select rule_id || '@{STORIES_BUILT_AS_OF}' from rules.rul_scoring__engagement)
            and state = 'day_end' and occurred_on < date '{STORIES_BUILT_AS_OF}'
        """
    ).fetchall()
    assert {day for day, _, _ in moved} == {STORIES_BUILT_AS_OF}
    assert {lead for _, lead, _ in moved} <= {lead for (lead,) in requested}
    assert all(sign == 1 for *_, sign in moved)


def test_a_day_computed_anew_keeps_nothing_of_what_it_said_before(rebuilt, timeless):
    """R45: a day-end on which no score moves any more has no rows left, and the other days have theirs."""
    timeless.close()
    days = "select as_of_date::varchar, count(*) from marts.fct_score_changes group by 1 order by 1"
    with duckdb.connect(str(rebuilt.warehouse)) as con:
        before = dict(con.execute(days).fetchall())
        con.execute(f"delete from scoring.int_scoring__score_changes where as_of_date = date '{STORIES_BUILT_AS_OF}'")
    rebuilt("fct_score_changes")
    with duckdb.connect(str(rebuilt.warehouse), read_only=True) as con:
        after = dict(con.execute(days).fetchall())
    assert STORIES_BUILT_AS_OF in before and STORIES_BUILT_AS_OF not in after
    assert after.keys() == before.keys() - {STORIES_BUILT_AS_OF}


def test_what_other_code_booked_on_the_first_day_end_gives_way(rebuilt, timeless):
    """R57: a house that was computed by older code holds leads that are one by now, and statuses that no gate gives any more."""
    timeless.close()
    record = "maturity.int_maturity__transitions"
    with duckdb.connect(str(rebuilt.warehouse)) as con:
        first = con.execute(f"select min(as_of_date) from {record}").fetchone()[0]
        lead, status = con.execute(
            f"select lead_id, to_state from {record} where state_kind = 'lifecycle_status' and as_of_date = ? order by all limit 1", [first]
        ).fetchone()
        con.execute(f"insert into {record} select * replace ('LGONE' as lead_id) from {record} where lead_id = ? and as_of_date = ?", [lead, first])
        con.execute(
            f"update {record} set to_state = 'bygone' where lead_id = ? and as_of_date = ? and state_kind = 'lifecycle_status'", [lead, first]
        )
    rebuilt("int_maturity__transitions")
    with duckdb.connect(str(rebuilt.warehouse), read_only=True) as con:
        told = con.execute(
            f"select lead_id, to_state from {record} where as_of_date = ? and state_kind = 'lifecycle_status' and lead_id in (?, 'LGONE')", [first, lead]
        ).fetchall()
    assert told == [(lead, status)]
