-- Bursts: min_value touches of one event type by one subject within window_seconds. A touch is part of a burst when it
-- is among the min_value touches that follow each other fast enough, counted from some touch on.
with

burst_rules as (
    select * from {{ ref('rul_cleansing__automatic_touches') }}
    where check_kind = 'burst'
),

touches as (
    select
        burst_rules.rule_key,
        burst_rules.min_value,
        burst_rules.window_seconds,
        events.feed,
        events.delivery_id,
        events.delivery_row,
        events.occurred_at,
        coalesce({{ subject_columns() | join(', ') }}) as subject_key,
        row_number() over (
            partition by burst_rules.rule_key, events.feed, coalesce({{ subject_columns() | join(', ') }})
            order by events.occurred_at, events.delivery_id, events.delivery_row
        ) as touch_number
    from {{ ref('int_cleansing__touch_events') }} as events
    inner join burst_rules
        on events.event_type = burst_rules.argument and {{ active_on('burst_rules', 'events.known_on') }}
    where coalesce({{ subject_columns() | join(', ') }}) is not null
),

bursts as (
    select
        first_touches.rule_key,
        first_touches.feed,
        first_touches.subject_key,
        first_touches.touch_number as first_number,
        last_touches.touch_number as last_number
    from touches as first_touches
    inner join touches as last_touches
        on
            first_touches.rule_key = last_touches.rule_key
            and first_touches.feed = last_touches.feed
            and first_touches.subject_key = last_touches.subject_key
            and first_touches.touch_number + first_touches.min_value - 1 = last_touches.touch_number
    where {{ seconds_between('first_touches.occurred_at', 'last_touches.occurred_at') }} <= first_touches.window_seconds
)

select distinct
    touches.feed,
    touches.delivery_id,
    touches.delivery_row,
    touches.rule_key
from touches
inner join bursts
    on
        touches.rule_key = bursts.rule_key
        and touches.feed = bursts.feed
        and touches.subject_key = bursts.subject_key
        and touches.touch_number between bursts.first_number and bursts.last_number
