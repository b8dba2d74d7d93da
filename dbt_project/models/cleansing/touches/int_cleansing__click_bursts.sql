-- Bursts: min_value messages events of one type by one address within window_seconds. An event is part of a burst when it
-- is among the min_value events that follow each other fast enough, counted from some event on.
with

rules as (
    select * from {{ ref('rul_cleansing__automatic_touches') }}
    where check_kind = 'burst'
),

reactions as (
    select
        rules.rule_key,
        rules.min_value,
        rules.window_seconds,
        events.feed,
        events.delivery_id,
        events.delivery_row,
        events.known_on,
        events.occurred_at,
        coalesce(lower(events.email), events.phone, events.lead_ref, events.unionid, events.openid, events.visitor_id) as address,
        row_number() over (
            partition by
                rules.rule_key,
                coalesce(lower(events.email), events.phone, events.lead_ref, events.unionid, events.openid, events.visitor_id)
            order by events.occurred_at, events.delivery_id, events.delivery_row
        ) as event_number
    from {{ ref('int_cleansing__message_touches') }} as events
    inner join rules
        on events.event_type = rules.argument and {{ active_on('rules', 'events.known_on') }}
),

bursts as (
    select
        first_events.rule_key,
        first_events.address,
        first_events.event_number as first_number,
        last_events.event_number as last_number
    from reactions as first_events
    inner join reactions as last_events
        on
            first_events.rule_key = last_events.rule_key
            and first_events.address = last_events.address
            and first_events.event_number + first_events.min_value - 1 = last_events.event_number
    where {{ seconds_between('first_events.occurred_at', 'last_events.occurred_at') }} <= first_events.window_seconds
),

-- All that is part of a burst by what is known today: few, and what follows looks at nothing else.
in_bursts as (
    select distinct
        reactions.feed,
        reactions.delivery_id,
        reactions.delivery_row,
        reactions.rule_key,
        reactions.address,
        reactions.min_value,
        reactions.window_seconds,
        reactions.known_on,
        reactions.occurred_at
    from reactions
    inner join bursts
        on
            reactions.rule_key = bursts.rule_key
            and reactions.address = bursts.address
            and reactions.event_number between bursts.first_number and bursts.last_number
),

-- An event is judged by what was known when it came, so that a later delivery never takes back a day that was published.
known_bursts as (
    select
        events.feed,
        events.delivery_id,
        events.delivery_row,
        events.rule_key
    from in_bursts as events
    inner join in_bursts as first_events
        on
            events.rule_key = first_events.rule_key
            and events.address = first_events.address
            and first_events.known_on <= events.known_on
            and first_events.occurred_at <= events.occurred_at
            and {{ seconds_between('first_events.occurred_at', 'events.occurred_at') }} <= events.window_seconds
    inner join in_bursts as others
        on
            first_events.rule_key = others.rule_key
            and first_events.address = others.address
            and others.known_on <= events.known_on
            and first_events.occurred_at <= others.occurred_at
            and {{ seconds_between('first_events.occurred_at', 'others.occurred_at') }} <= events.window_seconds
    group by
        events.feed, events.delivery_id, events.delivery_row, events.rule_key, events.min_value, first_events.feed,
        first_events.delivery_id, first_events.delivery_row
    having count(*) >= events.min_value
)

select distinct feed, delivery_id, delivery_row, rule_key
from known_bursts
