"""What the weekly and monthly report reads beyond the daily page: marts with the columns of their contracts, filled by rule.

The day-end is Tuesday, 30 June 2026: the last complete week is 22 to 28 June, the month of June ends with it. Every third lead is
captured in May, the others in June; lead n was handed over on day 20 + n mod 8 of June when its status says so.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml
from reporting_serving import AS_OF, DAY, build_serving

ROOT = Path(__file__).resolve().parents[2]
MARTS = ROOT / "dbt_project" / "models" / "marts"
NEW = (
    "dim_campaigns", "dim_reps", "fct_lead_fields", "fct_lead_lifecycle", "fct_lead_steps", "rpt_completeness", "rpt_outcomes",
    "rpt_rep_yardstick", "rpt_rule_coverage",
)
HANDED = "('sal', 'sql', 'opportunity', 'customer', 'recycled')"

LIFECYCLE = f"""
with leads as (
    select *, cast(substr(lead_id, 2) as integer) as n, lifecycle_status in {HANDED} as is_given from marts.dim_leads
)
insert into marts.fct_lead_lifecycle by name
select
    lead_id, as_of_date, scope, 'small' as segment, coalesce(source_channel, 'unknown') as source_channel,
    case n % 4 when 0 then 'C1' when 1 then 'C2' end as campaign_ref, case when n % 2 = 0 then 'C-7' end as first_content_ref, owner_ref,
    lifecycle_status, 'sales' as owner_side, case lifecycle_status when 'customer' then 'won' when 'opportunity' then 'open' end as outcome,
    case when not is_given then null when lifecycle_status = 'recycled' then 'returned' when n % 5 = 0 then 'waiting' else 'accepted' end
        as handover_state,
    lifecycle_status <> 'captured' as is_valid, is_given or lifecycle_status = 'mql' as is_mql,
    is_given and lifecycle_status <> 'recycled' as is_sal, lifecycle_status in ('sql', 'opportunity', 'customer') as is_sql,
    lifecycle_status in ('opportunity', 'customer') as is_opportunity, lifecycle_status = 'customer' as is_won,
    case when n % 3 = 0 then date '2026-05-01' + n % 28 else date '2026-06-10' + n % 20 end as captured_on,
    case when is_given then date '2026-06-20' + n % 8 end as handed_over_on,
    case when is_given and n % 5 <> 0 then date '2026-06-20' + n % 8 end as worked_on,
    case when is_given and lifecycle_status <> 'recycled' and n % 5 <> 0 then date '2026-06-21' + n % 8 end as accepted_on,
    case when lifecycle_status = 'recycled' then date '2026-06-22' + n % 5 end as returned_on,
    case when lifecycle_status = 'recycled' and n % 4 > 0 then 'no_budget' end as return_reason,
    case when lifecycle_status in ('opportunity', 'customer') then date '2026-06-23' end as opportunity_on,
    case when lifecycle_status = 'customer' then date '2026-06-26' end as won_on
from leads
"""

STEPS = """
insert into marts.fct_lead_steps by name
select
    'h' || lead_id as step_key, lead_id, as_of_date, 'handed_over' as step, handed_over_on as stated_on,
    cast(handed_over_on as timestamp) as stated_at, 'rep-0' || 1 + cast(substr(lead_id, 2) as integer) % 2 as rep_ref,
    'lead_operations' as feed, lead_id as record_key
from marts.fct_lead_lifecycle where handed_over_on is not null
union all by name
select
    'r' || lead_id as step_key, lead_id, as_of_date, 'returned' as step, returned_on as stated_on,
    cast(returned_on as timestamp) as stated_at, 'rep-02' as rep_ref, return_reason as reason, 'sales_feedback' as feed, lead_id as record_key
from marts.fct_lead_lifecycle where returned_on is not null
"""

# One breakdown after the other, counted apart from the model that the warehouse counts with.
OUTCOMES = """
insert into marts.rpt_outcomes by name
select
    '{kind}' as period_kind, p.period_from, f.scope, '{breakdown}' as breakdown, {member} as member, date '2026-06-30' as as_of_date,
    count(*) filter (where trunc_on(captured_on, '{kind}') = period_from) as leads,
    {reached}
    count(*) filter (where trunc_on(handed_over_on, '{kind}') = period_from) as handed_over,
    count(*) filter (where trunc_on(handed_over_on, '{kind}') = period_from and worked_on is not null) as handed_over_worked,
    count(*) filter (where trunc_on(handed_over_on, '{kind}') = period_from and handover_state = 'accepted') as handed_over_accepted,
    count(*) filter (where trunc_on(handed_over_on, '{kind}') = period_from and handover_state = 'returned') as handed_over_returned,
    count(*) filter (where trunc_on(accepted_on, '{kind}') = period_from) as accepted,
    count(*) filter (where trunc_on(returned_on, '{kind}') = period_from) as returned,
    count(*) filter (where trunc_on(opportunity_on, '{kind}') = period_from) as deals_opened,
    count(*) filter (where trunc_on(won_on, '{kind}') = period_from) as deals_won,
    0 as deals_lost,
    3 as median_days_to_hand_over, 0 as median_days_to_first_work, 1 as median_days_to_accept, 30 as median_days_to_win,
    {spent} as spent_fen, count(*) filter (where trunc_on(captured_on, '{kind}') = period_from) as costed_leads,
    count(*) filter (where trunc_on(captured_on, '{kind}') = period_from and is_valid) as costed_valid,
    count(*) filter (where trunc_on(captured_on, '{kind}') = period_from and is_mql) as costed_mql,
    0 as costed_won,
    {spent} // nullif(costed_valid, 0) as cost_per_valid_fen, {spent} // nullif(costed_mql, 0) as cost_per_mql_fen
from marts.fct_lead_lifecycle as f
cross join (select unnest([{periods}]) as period_from) as p
group by p.period_from, f.scope, {member}
"""
REACHED = "".join(
    f"count(*) filter (where trunc_on(captured_on, '{{kind}}') = period_from and is_{step}) as leads_{step},\n    "
    for step in ("valid", "mql", "sal", "sql", "opportunity", "won")
)
PERIODS = {
    "week": "date '2026-06-15', date '2026-06-22', date '2026-06-29'",
    "month": "date '2026-05-01', date '2026-06-01'",
}
BREAKDOWNS = {"all": ("'all'", 1_000_000), "source_channel": ("source_channel", 200_000), "campaign": ("coalesce(campaign_ref, 'unknown')", 400_000)}


def build_period_serving(path: Path, *, leads: int = 48) -> Path:
    """Write the serving file of `build_serving` with the marts of the periodic report, and return its path."""
    build_serving(path, leads=leads)
    with duckdb.connect(str(path)) as con:
        columns = contracts()
        for mart in NEW:
            con.execute(f"create table marts.{mart} ({', '.join(f'{name} {kind}' for name, kind in columns[mart])})")
        con.execute("create macro trunc_on(d, kind) as cast(date_trunc(kind, d) as date)")
        _series_before_the_week(con)
        con.execute(LIFECYCLE)
        con.execute(STEPS)
        for kind, periods in PERIODS.items():
            for breakdown, (member, spent) in BREAKDOWNS.items():
                values = {"kind": kind, "breakdown": breakdown, "member": member, "spent": spent, "periods": periods}
                con.execute(OUTCOMES.format(reached=REACHED.format(kind=kind), **values))
        con.execute("drop macro trunc_on")
        con.execute("delete from marts.rpt_outcomes where leads + handed_over + accepted + returned + deals_opened + deals_won = 0 or $1 = 0", [leads])
        _others(con, leads)
    return path


def contracts() -> dict[str, list[tuple[str, str]]]:
    """Columns and types of the marts as their contracts name them."""
    found = {}
    for file in sorted(MARTS.rglob("*.yml")):
        promised = file.read_text(encoding="utf-8").split("\nunit_tests:")[0]
        for model in yaml.safe_load(promised).get("models") or []:
            found[model["name"]] = [(column["name"], column.get("data_type")) for column in model["columns"]]
    return found


def _series_before_the_week(con: duckdb.DuckDBPyConnection) -> None:
    # Day-ends before the week and the month, so that there is something to compare with.
    name_unknown_groups(con)
    for back in (9, 30):
        con.execute(
            f"insert into marts.rpt_quality_daily select as_of_date - {back - 7}, band, source_channel, industry, scope, leads, 0, "
            f"score_milli_sum - {back} * leads, mqls, high_maturity from marts.rpt_quality_daily where as_of_date = $1 and source_channel <> 'wechat'",
            [AS_OF - 7 * DAY],
        )


def name_unknown_groups(con: duckdb.DuckDBPyConnection) -> None:
    """The mart has a word for what is not known; the small serving file has none."""
    con.execute("update marts.rpt_quality_daily set source_channel = coalesce(source_channel, 'unknown'), industry = coalesce(industry, 'unknown')")


def _others(con: duckdb.DuckDBPyConnection, leads: int) -> None:
    con.execute("insert into marts.dim_reps by name select 'rep-01' as rep_id, '王敏' as rep_name, 'sdr' as role, 'SDR组' as team, true as is_active, false as is_removed union all by name select 'rep-02' as rep_id, '李强' as rep_name, 'sales' as role, '华东销售部' as team, true as is_active, false as is_removed")
    if not leads:
        return
    con.execute(
        "insert into marts.dim_campaigns by name select unnest(['C1', 'C2']) as campaign_id, unnest(['<b>春季展会</b>', '=SUM(A1)']) as campaign_name, "
        "date '2026-06-30' as as_of_date, date '2026-05-01' as started_on, date '2026-06-30' as ended_on, 400000 as cost_fen, 61 as campaign_days, 400000 as spent_fen"
    )
    con.execute(
        "insert into marts.fct_lead_fields by name select lead_id, unnest(['email', 'budget_range']) as field, unnest([true, n % 9 = 0]) as is_known "
        "from (select lead_id, cast(substr(lead_id, 2) as integer) as n from marts.dim_leads)"
    )
    con.execute(
        "insert into marts.rpt_completeness by name select date '2026-06-30' as as_of_date, 'website' as source_channel, 'demo_crm' as collector_system, "
        "'crm_leads' as collector_feed, field, case field when 'email' then 6 else 5 end as weight, count(*) as leads, count(*) filter (where is_known) as known, "
        "0 as known_milli, 0 as filled_by_registry, 0 as filled_by_account, count(*) filter (where not is_known) as asked_next, 0 as completeness_milli "
        "from marts.fct_lead_fields group by field"
    )
    con.execute(
        "insert into marts.rpt_rule_coverage by name select rule_key, rule_id, rule_file, owner, date '2026-06-30' as as_of_date, 48 as leads, 0 as matched_leads, "
        "0 as applied_leads, 0 as capped_leads, 0 as points_milli, case when rule_id like 'ENG%' then 'works' else 'never_fired' end as finding "
        "from marts.dim_rules where rule_id like 'ENG%' or rule_id like 'FIT-0%'"
    )
    con.execute(
        "insert into marts.rpt_rep_yardstick by name select 'rep-01' as rep_ref, '王敏' as rep_name, date '2026-06-30' as as_of_date, 12 as judged, 9 as accepted, "
        "3 as returned, 10 as settled, 7 as agreed, 2 as accepted_in_vain, 1 as returned_in_error, 'holds' as standing union all by name "
        "select 'rep-02' as rep_ref, '李强' as rep_name, date '2026-06-30' as as_of_date, 4 as judged, 0 as accepted, 4 as returned, 2 as settled, 0 as agreed, "
        "0 as accepted_in_vain, 2 as returned_in_error, 'too_few' as standing"
    )
    con.execute("update marts.fct_touchpoints set rep_ref = 'rep-01' where channel = 'call'")
    # Two days of the ledger end with the week, three with the month.
    for day, lead, before, moves in (
        ("2026-06-27", "L000005", 30_000, {"behaviour": 5_000, "decay": -200}), ("2026-06-28", "L000006", None, {"new": 12_345}),
        ("2026-06-28", "L000005", 34_800, {"inactivity": -1_300}), ("2026-06-30", "L000008", 20_000, {"rule": 700}),
    ):
        causes = {cause: moves.get(cause, 0) for cause in ("new", "identity", "rule", "attribute", "late_data", "decay", "inactivity", "behaviour")}
        con.execute(
            f"insert into marts.fct_score_changes by name select date '{day}' as as_of_date, '{lead}' as lead_id, {before or 'null'} as before_milli, "
            f"{(before or 0) + sum(causes.values())} as after_milli, {', '.join(f'{value} as {cause}_milli' for cause, value in causes.items())}, "
            f"{30 if before else 'null'} as before_score, {35 if moves.get('behaviour') else 12} as after_score, "
            f"{repr('C') if before else 'null'} as before_band, {repr('B') if moves.get('behaviour') else repr('D')} as after_band, false as has_ended"
        )
    con.execute("insert into marts.dim_rules by name select 'ENG-006@2026-06-24' as rule_key, 'ENG-006' as rule_id, 'scoring' as layer, 'rule_scoring__engagement' as rule_file, date '2026-06-24' as valid_from, date '9999-12-31' as valid_to, 'active' as status, '查看案例' as label_zh, 'Case read' as label_en, 'marketing_ops' as owner, '会议约定：案例加分' as why, '{}' as payload")
