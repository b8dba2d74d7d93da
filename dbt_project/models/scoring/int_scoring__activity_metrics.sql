-- What a lead's own activity looks like at a day-end: how often, over how many channels, how deep, how long ago (R11).
-- One row per window that a pattern rule asks for. Silence is computed from event time and is never an activity.
with

activity_days as (
    select as_of_date, lead_id, occurred_on, age_days, channel, depth
    from {{ ref('int_scoring__engagement_days') }}
    where is_activity = 1
),

windows as (
    select distinct metric, window_days
    from {{ ref('rul_scoring__engagement_patterns') }}
    where window_days is not null
),

counted as (
    select
        activity_days.as_of_date,
        activity_days.lead_id,
        windows.metric,
        windows.window_days,
        cast(case windows.metric
            when 'active_days' then count(distinct activity_days.occurred_on)
            when 'distinct_channels' then count(distinct activity_days.channel)
            when 'max_depth' then max(activity_days.depth)
        end as bigint) as value_number,
        max(activity_days.occurred_on) as last_occurred_on
    from activity_days
    inner join windows
        on
            windows.metric in ('active_days', 'distinct_channels', 'max_depth')
            and activity_days.age_days < windows.window_days
    group by activity_days.as_of_date, activity_days.lead_id, windows.metric, windows.window_days
),

people as (
    select
        companies.as_of_date, companies.account_id, windows.window_days,
        count(distinct activity_days.lead_id) as active_people
    from activity_days
    inner join {{ ref('int_cleansing__lead_companies') }} as companies
        on activity_days.as_of_date = companies.as_of_date and activity_days.lead_id = companies.lead_id
    inner join windows
        on windows.metric = 'active_people_in_account' and activity_days.age_days < windows.window_days
    group by companies.as_of_date, companies.account_id, windows.window_days
),

outbound as (
    select
        owners.as_of_date, owners.lead_id, windows.window_days,
        count(*) as attempts,
        max(touches.occurred_on) as last_occurred_on
    from {{ ref('int_cleansing__visible_touches') }} as touches
    inner join {{ ref('int_cleansing__key_owners') }} as owners
        on
            touches.subject_key = owners.key_key
            and touches.occurred_on <= owners.as_of_date
            and touches.visible_from <= owners.as_of_date
            and owners.as_of_date < touches.visible_to
    inner join windows
        on
            windows.metric = 'unanswered_outbound'
            and {{ days_between('touches.occurred_on', 'owners.as_of_date') }} < windows.window_days
    where touches.is_response = 1 and touches.initiative = 'ours'
    group by owners.as_of_date, owners.lead_id, windows.window_days
),

last_activity as (
    select as_of_date, lead_id, max(occurred_on) as last_activity_on
    from activity_days
    group by as_of_date, lead_id
)

select as_of_date, lead_id, metric, window_days, value_number, last_occurred_on
from counted

union all

select companies.as_of_date, companies.lead_id, 'active_people_in_account' as metric, people.window_days,
    people.active_people as value_number, cast(null as date) as last_occurred_on
from people
inner join {{ ref('int_cleansing__lead_companies') }} as companies
    on people.as_of_date = companies.as_of_date and people.account_id = companies.account_id

union all

select outbound.as_of_date, outbound.lead_id, 'unanswered_outbound' as metric, outbound.window_days,
    outbound.attempts as value_number, outbound.last_occurred_on
from outbound
left join last_activity
    on outbound.as_of_date = last_activity.as_of_date and outbound.lead_id = last_activity.lead_id
where
    last_activity.last_activity_on is null
    or {{ days_between('last_activity.last_activity_on', 'outbound.as_of_date') }} >= outbound.window_days

union all

select as_of_date, lead_id, 'days_since_last_activity' as metric, cast(null as bigint) as window_days,
    {{ days_between('last_activity_on', 'as_of_date') }} as value_number, last_activity_on as last_occurred_on
from last_activity
