{{ config(schema='action') }}
-- Clocks in business time. In the calendar's own seconds a pause is a stretch that is cut out: what lies before it and before
-- the budget is used up puts the deadline off by its length, the rest changes nothing. A day-end knows the years of the
-- calendar that were announced by then, so that a year that is added later moves nothing published.
with

days as (
    select * from {{ ref('rul_sla__business_days') }}
),

clocks as (
    select
        hours.*,
        day_ends.clock_at,
        coalesce(hours.stopped_at, day_ends.clock_at) as ended_at,
        {{ local_time('hours.started_at', 'hours.time_zone') }} as started_local,
        {{ local_time('coalesce(hours.stopped_at, day_ends.clock_at)', 'hours.time_zone') }} as ended_local
    from {{ ref('int_action__clock_hours') }} as hours
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends on hours.as_of_date = day_ends.as_of_date
),

placed as (
    select
        clocks.*,
        {{ business_position('clocks.started_local', 'start_days') }} as start_position,
        {{ business_position('clocks.ended_local', 'end_days') }} as end_position
    from clocks
    left join days as start_days on {{ is_day_of('clocks.started_local', 'start_days', 'clocks.calendar', 'clocks.as_of_date') }}
    left join days as end_days on {{ is_day_of('clocks.ended_local', 'end_days', 'clocks.calendar', 'clocks.as_of_date') }}
),

pauses as (
    select
        placed.as_of_date, placed.clock_key, placed.calendar, placed.start_position, placed.end_position, placed.clock_at,
        placed.budget_business_seconds, pauses.paused_at, pauses.resumes_at, pauses.rule_key,
        {{ local_time('pauses.paused_at', 'placed.time_zone') }} as paused_local,
        {{ local_time('pauses.resumes_at', 'placed.time_zone') }} as resumes_local
    from placed
    inner join {{ ref('int_action__clock_pauses') }} as pauses
        on
            placed.as_of_date = pauses.as_of_date
            and placed.lead_id = pauses.lead_id
            and placed.clock = pauses.clock
            and pauses.paused_at < placed.ended_at
            and coalesce(pauses.resumes_at > placed.started_at, true)
),

placed_pauses as (
    select
        pauses.*,
        greatest({{ business_position('pauses.paused_local', 'paused_days') }}, pauses.start_position) as from_position,
        {{ business_position('pauses.resumes_local', 'resume_days') }} as to_position
    from pauses
    left join days as paused_days on {{ is_day_of('pauses.paused_local', 'paused_days', 'pauses.calendar', 'pauses.as_of_date') }}
    left join days as resume_days on {{ is_day_of('pauses.resumes_local', 'resume_days', 'pauses.calendar', 'pauses.as_of_date') }}
),

counted_pauses as (
    select
        placed_pauses.*,
        from_position - start_position - coalesce(sum(to_position - from_position) over (
            partition by as_of_date, clock_key order by paused_at rows between unbounded preceding and 1 preceding
        ), 0) < budget_business_seconds as puts_off
    from placed_pauses
),

paused as (
    select
        as_of_date,
        clock_key,
        sum(case when puts_off then to_position - from_position else 0 end) as put_off_seconds,
        sum(greatest(least(coalesce(to_position, end_position), end_position) - from_position, 0)) as paused_seconds,
        max(case when puts_off and resumes_at is null then 1 else 0 end) as has_no_end,
        max(case when puts_off and resumes_at is not null and to_position is null then 1 else 0 end) as ends_beyond,
        max(case when puts_off and coalesce(resumes_at > clock_at, true) then 1 else 0 end) as is_paused,
        max(case when puts_off and resumes_at > clock_at then resumes_at end) as resumes_at,
        max(case when puts_off and coalesce(resumes_at > clock_at, true) then rule_key end) as pause_rule_key
    from counted_pauses
    group by as_of_date, clock_key
),

measured as (
    select
        placed.*,
        case when coalesce(paused.has_no_end, 0) + coalesce(paused.ends_beyond, 0) = 0 then
            placed.start_position + placed.budget_business_seconds + coalesce(paused.put_off_seconds, 0)
        end as target,
        -- A state that is entered today holds from the end of the day, which a provisional day-end has not reached.
        case when placed.end_position < placed.start_position then 0
            else placed.end_position - placed.start_position - coalesce(paused.paused_seconds, 0) end as elapsed_business_seconds,
        coalesce(paused.paused_seconds, 0) as paused_business_seconds,
        coalesce(paused.has_no_end, 0) = 1 as has_no_end,
        placed.stopped_at is null and coalesce(paused.is_paused, 0) = 1 as is_paused,
        case when placed.stopped_at is null then paused.resumes_at end as resumes_at,
        case when placed.stopped_at is null then paused.pause_rule_key end as pause_rule_key
    from placed
    left join paused on placed.as_of_date = paused.as_of_date and placed.clock_key = paused.clock_key
),

due as (
    select measured.*, {{ due_at('measured.target', 'due_day', 'measured.time_zone') }} as due_at
    from measured
    left join {{ due_days('days') }} as due_day
        on
            measured.calendar = due_day.calendar
            and due_day.known_from <= measured.as_of_date
            and {{ is_due_on('measured.target', 'due_day') }}
)

select
    as_of_date, clock_key, clock, rule_key, lead_id, started_on, started_by, rep_ref, team, channel, segment, maturity_level,
    calendar, time_zone, started_at, due_at, stopped_at, stopped_on, stopped_by, is_paused, resumes_at, pause_rule_key,
    budget_business_seconds, elapsed_business_seconds, paused_business_seconds, severity, escalate_to,
    -- Only what needs a day that nobody knows is unknown.
    (due_at is null and not has_no_end) or elapsed_business_seconds is null as is_beyond_calendar,
    case
        when {{ dbt.date_trunc('second', 'ended_at') }} > due_at then 'breached'
        when is_paused then 'paused'
        when elapsed_business_seconds is null then 'no_calendar'
        when stopped_at is not null then 'met'
        when elapsed_business_seconds * 100 >= budget_business_seconds * due_soon_pct then 'due_soon'
        else 'running'
    end as state
from due
