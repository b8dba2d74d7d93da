{%- set text = dbt.type_string() -%}
{%- set instant = dbt.type_timestamp() -%}
{%- set targets = '(select clock_key as deadline_key, calendar, target from measured) as targets' -%}
with

days as (
    select * from {{ ref('rul_sla__business_days') }}
),

clocks as (
    select
        starts.*,
        {{ local_time('started_at') }} as started_local,
        {{ local_time('coalesce(stopped_at, clock_at)') }} as ended_local
    from {{ ref('int_action__clock_starts') }} as starts
),

measured as (
    select
        clocks.*,
        {{ business_seconds_between('clocks.started_local', 'start_days', 'clocks.ended_local', 'end_days') }} as elapsed_business_seconds,
        {{ business_position('clocks.started_local', 'start_days') }} + clocks.budget_business_seconds as target
    from clocks
    left join days as start_days
        on clocks.calendar = start_days.calendar and cast(clocks.started_local as date) = start_days.date_day
    left join days as end_days
        on clocks.calendar = end_days.calendar and cast(clocks.ended_local as date) = end_days.date_day
),

due as (
    select
        measured.*,
        {{ due_at('measured.target', 'due_day') }} as due_at
    from measured
    left join {{ due_days(targets, 'days') }} as reached on measured.clock_key = reached.deadline_key
    left join days as due_day on reached.calendar = due_day.calendar and reached.date_day = due_day.date_day
)

select
    cast(clock_key as {{ text }}) as clock_key,
    cast(clock as {{ text }}) as clock,
    cast(rule_key as {{ text }}) as rule_key,
    cast(lead_id as {{ text }}) as lead_id,
    cast(touch_key as {{ text }}) as touch_key,
    cast(rep_ref as {{ text }}) as rep_ref,
    cast(channel as {{ text }}) as channel,
    cast(segment as {{ text }}) as segment,
    cast(started_at as {{ instant }}) as started_at,
    cast(due_at as {{ instant }}) as due_at,
    cast(stopped_at as {{ instant }}) as stopped_at,
    cast(stopped_by_touch_key as {{ text }}) as stopped_by_touch_key,
    cast(case
        when due_at is null or elapsed_business_seconds is null then 'no_calendar'
        when {{ dbt.date_trunc('second', 'coalesce(stopped_at, clock_at)') }} > due_at then 'breached'
        when stopped_at is not null then 'met'
        when elapsed_business_seconds * 100 >= budget_business_seconds * due_soon_pct then 'due_soon'
        else 'running'
    end as {{ text }}) as state,
    cast(budget_business_seconds as bigint) as budget_business_seconds,
    cast(elapsed_business_seconds as bigint) as elapsed_business_seconds,
    cast(severity as {{ text }}) as severity,
    cast(escalate_to as {{ text }}) as escalate_to
from due
