{{ config(schema='action') }}
{%- set handled = "operation in ('acknowledge_alert', 'assign_alert', 'close_alert')" -%}
-- Every alert as of the current day-end: what its last day found, what people did about it, and whether they did in time.
-- What was done counts from the day on which the alert opened or, when it came back, came back. As in int_action__clocks, a
-- day-end knows the years of the calendar that were announced by then.
with

days as (
    select * from {{ ref('rul_sla__business_days') }}
),

current_day as (
    select as_of_date, clock_at from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

recorded as (
    select record.*, current_day.as_of_date as today, current_day.clock_at
    from {{ ref('fct_alert_days') }} as record
    inner join current_day on record.as_of_date <= current_day.as_of_date
),

watched as (
    select as_of_date, lead(as_of_date) over (order by as_of_date) as next_on
    from recorded
    where subject_kind = 'day_end'
),

episodes as (
    select latest.*, latest.as_of_date as last_seen_on, watched.next_on as over_on
    from (
        select recorded.*, row_number() over (partition by alert_id order by as_of_date desc) as newest_rank
        from recorded
        where speaks
    ) as latest
    inner join watched on latest.as_of_date = watched.as_of_date
    where latest.newest_rank = 1
),

operations as (
    select
        episodes.alert_id, operations.operation, operations.operated_at, operations.operated_by, operations.argument, operations.reason,
        operations.valid_until_at,
        row_number() over (
            partition by episodes.alert_id, operations.operation order by operations.operated_at, operations.record_key
        ) as first_rank,
        row_number() over (
            partition by episodes.alert_id, operations.operation order by operations.operated_at desc, operations.record_key desc
        ) as last_rank,
        row_number() over (
            partition by episodes.alert_id, {{ handled }} order by operations.operated_at, operations.record_key
        ) as handled_rank
    from {{ versions_seen(ref('stg_operations__lead_operations')) }} as operations
    inner join episodes
        on
            operations.alert_ref = episodes.alert_id
            and operations.as_of_date = episodes.today
            and operations.occurred_on >= coalesce(episodes.reopened_on, episodes.opened_on)
),

handling as (
    select
        alert_id,
        min(case when {{ handled }} then operated_at end) as acknowledged_at,
        max(case when {{ handled }} and handled_rank = 1 then operated_by end) as acknowledged_by,
        max(case when operation = 'assign_alert' and last_rank = 1 then argument end) as assigned_ref,
        max(case
            when operation = 'mute_alert' and last_rank = 1 then coalesce(valid_until_at, cast('9999-12-31' as {{ dbt.type_timestamp() }}))
        end) as muted_until_at,
        min(case when operation = 'close_alert' then operated_at end) as closed_at,
        max(case when operation = 'close_alert' and first_rank = 1 then operated_by end) as closed_by,
        max(case when operation = 'close_alert' and first_rank = 1 then reason end) as close_reason
    from operations
    group by alert_id
),

timed as (
    select
        episodes.*, rules.calendar, rules.acknowledge_business_minutes, rules.escalate_to, handling.acknowledged_at,
        handling.acknowledged_by, handling.assigned_ref, handling.muted_until_at, handling.closed_at, handling.closed_by,
        handling.close_reason,
        case when episodes.over_on is not null
            then {{ utc_time('cast(' ~ add_days('episodes.last_seen_on', 1) ~ ' as timestamp)') }} end as over_at,
        {{ add_hours('cast(' ~ add_days('episodes.clock_from_on', 1) ~ ' as timestamp)', var('cutoff_hour')) }} as told_local
    from episodes
    left join {{ ref('rul_anomaly__handling') }} as rules
        on
            episodes.severity = rules.severity
            and {{ is_in_list('episodes.subject_kind', 'rules.subject_kinds') }}
            and {{ active_on('rules', 'coalesce(episodes.reopened_on, episodes.opened_on)') }}
    left join handling on episodes.alert_id = handling.alert_id
),

until as (
    select timed.*, {{ local_time('coalesce(acknowledged_at, over_at, clock_at)') }} as handled_local from timed
),

measured as (
    select
        until.*,
        {{ business_seconds_between('until.told_local', 'told_days', 'until.handled_local', 'handled_days') }} as handling_seconds,
        {{ business_position('until.told_local', 'told_days') }} + until.acknowledge_business_minutes * 60 as target
    from until
    left join days as told_days on {{ is_day_of('until.told_local', 'told_days', 'until.calendar', 'until.today') }}
    left join days as handled_days on {{ is_day_of('until.handled_local', 'handled_days', 'until.calendar', 'until.today') }}
),

due as (
    select measured.*, {{ due_at('measured.target', 'due_day') }} as acknowledge_due_at
    from measured
    left join {{ due_days('days') }} as due_day
        on
            measured.calendar = due_day.calendar
            and due_day.known_from <= measured.today
            and {{ is_due_on('measured.target', 'due_day') }}
)

select
    alert_id, alert_kind, subject_kind, subject_key, lead_id, rule_key, severity, notify_role, opened_on, reopened_on,
    reopenings, last_seen_on, cause, magnitude, evidence, threshold_pct, assigned_ref, acknowledged_at, acknowledged_by, muted_until_at,
    closed_by, close_reason, acknowledge_due_at, escalate_to,
    least(since_on, coalesce(reopened_on, opened_on)) as since_on,
    case when closed_at is not null then {{ business_date('closed_at') }} else over_on end as closed_on,
    coalesce(muted_until_at > clock_at, false) as is_muted,
    case when acknowledge_due_at is not null then {{ floor_div('greatest(handling_seconds, 0)', 60) }} end as handling_business_minutes,
    case
        when acknowledge_due_at is null then 'no_clock'
        when acknowledged_at <= acknowledge_due_at then 'in_time'
        when acknowledged_at is not null then 'late'
        when over_at <= acknowledge_due_at then 'ended'
        when over_at is not null or clock_at > acknowledge_due_at then 'overdue'
        else 'waiting'
    end as handling_state
from due
