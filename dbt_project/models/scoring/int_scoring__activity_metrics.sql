-- What a lead's own activity looks like: how often, over how many channels, how deep, how long ago (R11).
-- One row per window that a pattern rule asks for, from the first day of the first rule that does. Silence is computed from
-- event time and is never an activity.
with

states as (
    select * from {{ ref('int_scoring__segment_dimensions') }}
    where dimension = 'engagement'
),

activity_days as (
    select as_of_date, state, lead_id, occurred_on, age_days, channel, depth
    from {{ ref('int_scoring__engagement_days') }}
    where is_activity = 1
),

windows as (
    select metric, window_days, min(valid_from) as asked_from
    from {{ ref('rul_scoring__engagement_patterns') }}
    where window_days is not null
    group by metric, window_days
),

recent_days as (
    select * from activity_days
    where age_days < (select max(window_days) from windows)
),

-- Each day, channel and lead once, so that what is distinct need only be counted: a channel or a lead is within a window
-- when its last activity is.
days as (
    select as_of_date, state, lead_id, occurred_on, min(age_days) as age_days, max(depth) as depth
    from recent_days
    group by as_of_date, state, lead_id, occurred_on
),

channels as (
    select as_of_date, state, lead_id, channel, max(occurred_on) as occurred_on, min(age_days) as age_days
    from recent_days
    group by as_of_date, state, lead_id, channel
),

last_activity as (
    select as_of_date, state, lead_id, max(occurred_on) as last_activity_on, min(age_days) as age_days
    from activity_days
    group by as_of_date, state, lead_id
),

counted as (
    select
        days.as_of_date, days.state, days.lead_id, windows.metric, windows.window_days,
        case windows.metric when 'active_days' then count(*) else max(days.depth) end as value_number,
        max(days.occurred_on) as last_occurred_on
    from days
    inner join windows
        on
            windows.metric in ('active_days', 'max_depth')
            and days.age_days < windows.window_days
            and windows.asked_from <= days.as_of_date
    group by days.as_of_date, days.state, days.lead_id, windows.metric, windows.window_days
    union all
    select
        channels.as_of_date, channels.state, channels.lead_id, windows.metric, windows.window_days,
        count(*) as value_number,
        max(channels.occurred_on) as last_occurred_on
    from channels
    inner join windows
        on
            windows.metric = 'distinct_channels'
            and channels.age_days < windows.window_days
            and windows.asked_from <= channels.as_of_date
    group by channels.as_of_date, channels.state, channels.lead_id, windows.metric, windows.window_days
),

members as (
    select states.as_of_date, states.state, states.lead_id, companies.account_id
    from states
    inner join {{ ref('int_cleansing__lead_companies') }} as companies
        on states.attributes_on = companies.as_of_date and states.lead_id = companies.lead_id
),

people as (
    select
        members.as_of_date, members.state, members.account_id, windows.window_days,
        count(*) as active_people
    from last_activity
    inner join members
        on
            last_activity.as_of_date = members.as_of_date
            and last_activity.state = members.state
            and last_activity.lead_id = members.lead_id
    inner join windows
        on
            windows.metric = 'active_people_in_account'
            and last_activity.age_days < windows.window_days
            and windows.asked_from <= last_activity.as_of_date
    group by members.as_of_date, members.state, members.account_id, windows.window_days
),

outbound as (
    select
        states.as_of_date, states.state, states.lead_id, states.age_on, windows.window_days,
        count(*) as attempts,
        max(touches.occurred_on) as last_occurred_on
    from {{ ref('int_cleansing__visible_touches') }} as touches
    inner join {{ ref('int_cleansing__key_owners') }} as owners on touches.subject_key = owners.key_key
    inner join states
        on
            owners.as_of_date = states.owners_on
            and owners.lead_id = states.lead_id
            and touches.occurred_on <= states.occurred_until_on
            and touches.visible_from <= states.known_on
            and states.known_on < touches.visible_to
    inner join windows
        on
            windows.metric = 'unanswered_outbound'
            and {{ days_between('touches.occurred_on', 'states.age_on') }} < windows.window_days
            and windows.asked_from <= states.as_of_date
    where touches.is_response = 1 and touches.initiative = 'ours'
    group by states.as_of_date, states.state, states.lead_id, states.age_on, windows.window_days
)

select as_of_date, state, lead_id, metric, window_days, value_number, last_occurred_on
from counted

union all

select members.as_of_date, members.state, members.lead_id, 'active_people_in_account' as metric, people.window_days,
    people.active_people as value_number, cast(null as date) as last_occurred_on
from people
inner join members
    on people.as_of_date = members.as_of_date and people.state = members.state and people.account_id = members.account_id

union all

select outbound.as_of_date, outbound.state, outbound.lead_id, 'unanswered_outbound' as metric, outbound.window_days,
    outbound.attempts as value_number, outbound.last_occurred_on
from outbound
left join last_activity
    on
        outbound.as_of_date = last_activity.as_of_date
        and outbound.state = last_activity.state
        and outbound.lead_id = last_activity.lead_id
where
    last_activity.last_activity_on is null
    or {{ days_between('last_activity.last_activity_on', 'outbound.age_on') }} >= outbound.window_days

union all

select states.as_of_date, states.state, states.lead_id, 'days_since_last_activity' as metric,
    cast(null as bigint) as window_days,
    {{ days_between('last_activity.last_activity_on', 'states.silence_on') }} as value_number,
    last_activity.last_activity_on as last_occurred_on
from last_activity
inner join states
    on
        last_activity.as_of_date = states.as_of_date
        and last_activity.state = states.state
        and last_activity.lead_id = states.lead_id
