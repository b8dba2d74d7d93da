{{ config(schema='action') }}
-- When nothing runs: customers asked to be called later, a person put the lead on hold. Of all that pauses or resumes a kind of
-- clock the newest speaks, so that pauses of a lead never overlap. What would end before it begins says nothing.
with

acts as (
    select
        events.as_of_date, events.lead_id, rules.clock, rules.rule_key, rules.effect, events.event_key,
        events.occurred_at, events.ends_at,
        lead(events.occurred_at) over (
            partition by events.as_of_date, events.lead_id, rules.clock
            order by events.occurred_at asc, rules.effect desc, events.event_kind asc, events.event_key asc, rules.rule_id asc
        ) as next_at
    from {{ ref('int_action__clock_events') }} as events
    inner join {{ ref('rul_sla__clock_events') }} as rules
        on
            rules.effect in ('pause', 'resume')
            and events.event_kind = rules.event_kind
            and (rules.argument is null or {{ is_in_list('events.argument', 'rules.argument') }})
            and {{ active_on('rules', 'events.occurred_on') }}
    where rules.effect = 'resume' or events.ends_at is null or events.ends_at > events.occurred_at
)

select
    as_of_date, lead_id, clock, rule_key, event_key, occurred_at as paused_at,
    case when ends_at is null or next_at < ends_at then next_at else ends_at end as resumes_at
from acts
where effect = 'pause' and coalesce(next_at > occurred_at, true)
