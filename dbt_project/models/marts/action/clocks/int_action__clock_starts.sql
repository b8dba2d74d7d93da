{{ config(schema='action') }}
-- What started a clock and what stopped it. The policy is the version in force when the clock starts (DESIGN 2); of several
-- that fit, the narrowest one wins: the segment's own before any segment, then the level's, the channel's and the qualifier's
-- own, then the shorter budget.
with

events as (
    select events.*, segments.segment
    from {{ ref('int_action__clock_events') }} as events
    left join {{ ref('int_tagging__lead_segments') }} as segments
        on events.as_of_date = segments.as_of_date and events.lead_id = segments.lead_id
),

levels as (
    select as_of_date, lead_id, state as maturity_level, entered_on, left_on
    from {{ ref('int_maturity__state_path') }}
    where state_kind = 'level'
),

fitting as (
    select
        events.*,
        policies.clock, policies.rule_key, policies.calendar, policies.due_soon_pct, policies.severity, policies.escalate_to,
        policies.budget_business_minutes * 60 as budget_business_seconds,
        coalesce(levels.maturity_level, 'low') as maturity_level,
        policies.clock || '|' || events.event_key as clock_key,
        row_number() over (
            partition by events.as_of_date, policies.clock, events.event_key
            order by
                case when coalesce(policies.segment, 'any') = 'any' then 1 else 0 end,
                case when policies.maturity_level = 'any' then 1 else 0 end,
                case when policies.starts_channel is null then 1 else 0 end,
                case when policies.starts_qualifier is null then 1 else 0 end,
                policies.budget_business_minutes,
                policies.rule_id
        ) as policy_rank
    from events
    left join levels
        on
            events.as_of_date = levels.as_of_date
            and events.lead_id = levels.lead_id
            and levels.entered_on <= events.occurred_on
            and events.occurred_on < levels.left_on
    inner join {{ ref('rul_sla__policies') }} as policies
        on
            events.event_kind = policies.starts_on
            and (policies.starts_channel is null or policies.starts_channel = events.channel)
            and (policies.starts_touch_type is null or policies.starts_touch_type = events.touch_type)
            and (policies.starts_qualifier is null or policies.starts_qualifier = events.argument)
            and (policies.maturity_level = 'any' or policies.maturity_level = coalesce(levels.maturity_level, 'low'))
            and (coalesce(policies.segment, 'any') = 'any' or policies.segment = events.segment)
            and {{ active_on('policies', 'events.occurred_on') }}
    where events.may_start
),

stops as (
    select
        events.as_of_date, events.lead_id, rules.clock, events.event_kind, events.event_key, events.occurred_at, events.rep_ref,
        row_number() over (
            partition by events.as_of_date, events.lead_id, rules.clock
            order by events.occurred_at, events.event_kind, events.event_key, rules.rule_id
        ) as stop_number
    from events
    inner join {{ ref('rul_sla__clock_events') }} as rules
        on
            rules.effect = 'stop'
            and events.event_kind = rules.event_kind
            and (rules.argument is null or {{ is_in_list('events.argument', 'rules.argument') }})
            and {{ active_on('rules', 'events.occurred_on') }}
),

timeline as (
    select as_of_date, lead_id, clock, clock_key, occurred_at, cast(null as bigint) as stop_number from fitting
    where policy_rank = 1
    union all
    select as_of_date, lead_id, clock, null, occurred_at, stop_number from stops
),

-- A stop of the very instant of the start comes before it and answers nothing.
next_stops as (
    select
        as_of_date, lead_id, clock, clock_key,
        min(stop_number) over (
            partition by as_of_date, lead_id, clock
            order by occurred_at, stop_number nulls last, clock_key
            rows between 1 following and unbounded following
        ) as stop_number
    from timeline
),

-- A level or stage that is left stops what it started.
ended as (
    select
        starts.*,
        stops.event_kind as stop_kind, stops.event_key as stop_key, stops.rep_ref as stop_rep_ref, stops.occurred_at as stop_at,
        coalesce(starts.left_at < coalesce(stops.occurred_at, cast('9999-12-31' as timestamp)), false) as is_left
    from fitting as starts
    inner join next_stops
        on starts.as_of_date = next_stops.as_of_date and starts.clock = next_stops.clock and starts.clock_key = next_stops.clock_key
    left join stops
        on
            next_stops.as_of_date = stops.as_of_date
            and next_stops.lead_id = stops.lead_id
            and next_stops.clock = stops.clock
            and next_stops.stop_number = stops.stop_number
    where starts.policy_rank = 1
)

select
    as_of_date, clock_key, clock, rule_key, lead_id, event_kind as started_on, event_key as started_by, channel, segment,
    maturity_level, calendar, budget_business_seconds, due_soon_pct, severity, escalate_to, to_rep_ref, occurred_at as started_at,
    case when is_left then left_at else stop_at end as stopped_at,
    case when is_left then 'state_left' else stop_kind end as stopped_on,
    case when not is_left then stop_key end as stopped_by,
    case when not is_left then stop_rep_ref end as stopped_by_rep_ref
from ended
