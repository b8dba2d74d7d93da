{%- set text = dbt.type_string() -%}
{%- set instant = dbt.type_timestamp() -%}
-- The clocks of the current day-end. Of the customers' waits of a lead the one to act on first is the worst, then the
-- earliest due.
with

clocks as (
    select
        clocks.*,
        case when clocks.clock = 'first_response' and clocks.stopped_at is null then row_number() over (
            partition by clocks.lead_id, clocks.clock, clocks.stopped_at is null
            order by
                case clocks.state when 'breached' then 1 when 'due_soon' then 2 when 'running' then 3 else 4 end,
                clocks.due_at nulls last,
                clocks.clock_key
        ) end as wait_rank
    from {{ ref('int_action__clocks') }} as clocks
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on clocks.as_of_date = day_ends.as_of_date and day_ends.is_current
)

select
    cast(clock_key as {{ text }}) as clock_key,
    cast(clock as {{ text }}) as clock,
    cast(rule_key as {{ text }}) as rule_key,
    cast(lead_id as {{ text }}) as lead_id,
    cast(started_on as {{ text }}) as started_on,
    cast(started_by as {{ text }}) as started_by,
    cast(case when started_on in ('touch', 'our_contact') then started_by end as {{ text }}) as touch_key,
    cast(rep_ref as {{ text }}) as rep_ref,
    cast(team as {{ text }}) as team,
    cast(channel as {{ text }}) as channel,
    cast(segment as {{ text }}) as segment,
    cast(maturity_level as {{ text }}) as maturity_level,
    cast(calendar as {{ text }}) as calendar,
    cast(time_zone as {{ text }}) as time_zone,
    cast(started_at as {{ instant }}) as started_at,
    cast(due_at as {{ instant }}) as due_at,
    cast(stopped_at as {{ instant }}) as stopped_at,
    cast(stopped_on as {{ text }}) as stopped_on,
    cast(stopped_by as {{ text }}) as stopped_by,
    cast(case when stopped_on = 'our_contact' then stopped_by end as {{ text }}) as stopped_by_touch_key,
    cast(state as {{ text }}) as state,
    cast(resumes_at as {{ instant }}) as resumes_at,
    cast(pause_rule_key as {{ text }}) as pause_rule_key,
    cast(budget_business_seconds as bigint) as budget_business_seconds,
    cast(elapsed_business_seconds as bigint) as elapsed_business_seconds,
    cast(paused_business_seconds as bigint) as paused_business_seconds,
    cast(is_beyond_calendar as boolean) as is_beyond_calendar,
    cast(wait_rank as bigint) as wait_rank,
    cast(severity as {{ text }}) as severity,
    cast(escalate_to as {{ text }}) as escalate_to
from clocks
