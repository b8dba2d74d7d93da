{{ config(
    materialized='incremental',
    full_refresh=false,
    incremental_strategy=reload_strategy(),
    unique_key='as_of_date',
    partition_by=['as_of_date'] if target.type == 'spark' else none,
    on_schema_change='append_new_columns',
) }}
{%- set text = dbt.type_string() -%}
-- What began, was kept and was broken on a day counts on that day only; what is open counts on every day on which it is.
-- The day-ends of the build replace what earlier builds wrote for them; older days stay as they were published.
with

clocks as (
    select
        as_of_date,
        clock,
        coalesce(team, 'none') as team,
        coalesce(rep_ref, 'none') as rep_ref,
        coalesce(channel, 'none') as channel,
        clock_key,
        case when {{ business_date('started_at') }} = as_of_date then 1 else 0 end as is_started,
        case when {{ business_date('stopped_at') }} = as_of_date then 1 else 0 end as is_stopped,
        case when state = 'met' and {{ business_date('stopped_at') }} = as_of_date then 1 else 0 end as is_met,
        case when state = 'breached' and {{ business_date('due_at') }} = as_of_date then 1 else 0 end as is_breached,
        case when stopped_at is null then state end as open_state,
        is_beyond_calendar,
        elapsed_business_seconds
    from {{ ref('int_action__clocks') }}
),

ranked as (
    select
        clocks.*,
        row_number() over (
            partition by as_of_date, clock, team, rep_ref, channel, is_stopped
            order by elapsed_business_seconds nulls last, clock_key
        ) as time_rank,
        {{ floor_div(
            'count(elapsed_business_seconds) over (partition by as_of_date, clock, team, rep_ref, channel, is_stopped) + 1', 2
        ) }} as middle_rank
    from clocks
)

select
    cast(as_of_date as date) as as_of_date,
    cast(clock as {{ text }}) as clock,
    cast(team as {{ text }}) as team,
    cast(rep_ref as {{ text }}) as rep_ref,
    cast(channel as {{ text }}) as channel,
    cast(sum(is_started) as bigint) as started,
    cast(sum(is_met) as bigint) as met,
    cast(sum(is_breached) as bigint) as breached,
    cast(sum(case when open_state = 'running' then 1 else 0 end) as bigint) as running,
    cast(sum(case when open_state = 'due_soon' then 1 else 0 end) as bigint) as due_soon,
    cast(sum(case when open_state = 'paused' then 1 else 0 end) as bigint) as paused,
    cast(sum(case when open_state = 'breached' then 1 else 0 end) as bigint) as overdue,
    cast(sum(case when open_state is not null and is_beyond_calendar then 1 else 0 end) as bigint) as beyond_calendar,
    -- Of an even number of times the lower one in the middle, so that it is a time that somebody took.
    cast({{ floor_div('max(case when is_stopped = 1 and time_rank = middle_rank then elapsed_business_seconds end)', 60) }}
        as bigint) as median_business_minutes
from ranked
group by 1, 2, 3, 4, 5
having sum(is_started) + sum(is_stopped) + sum(is_breached) + sum(case when open_state is not null then 1 else 0 end) > 0
