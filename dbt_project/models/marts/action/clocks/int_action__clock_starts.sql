{{ config(schema='action') }}
-- The policy is the version in force when the clock starts (DESIGN 2); of several that fit, the narrowest one wins:
-- the segment's own before any segment, the qualifier's own before any qualifier, then the shorter budget.
with

day_end as (
    select as_of_date, case when known_until_at < as_of_at then known_until_at else as_of_at end as clock_at
    from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

starts as (
    select
        policies.clock || '|' || touches.touch_key as clock_key,
        policies.clock,
        policies.rule_key,
        policies.calendar,
        policies.budget_business_minutes * 60 as budget_business_seconds,
        policies.due_soon_pct,
        policies.severity,
        policies.escalate_to,
        touches.touch_key,
        touches.lead_id,
        touches.channel,
        touches.occurred_at as started_at,
        leads.segment,
        leads.owner_ref,
        row_number() over (
            partition by policies.clock, touches.touch_key
            order by
                case when coalesce(policies.segment, 'any') = 'any' then 1 else 0 end,
                case when policies.starts_qualifier is null then 1 else 0 end,
                policies.budget_business_minutes,
                policies.rule_id
        ) as policy_rank
    from {{ ref('fct_touchpoints') }} as touches
    inner join {{ ref('dim_leads') }} as leads on touches.lead_id = leads.lead_id
    inner join {{ ref('rul_sla__policies') }} as policies
        on
            policies.clock = 'first_response'
            and touches.channel = policies.starts_channel
            and touches.touch_type = policies.starts_touch_type
            and (policies.starts_qualifier is null or policies.starts_qualifier = touches.qualifier)
            and (coalesce(policies.segment, 'any') = 'any' or policies.segment = leads.segment)
            and {{ active_on('policies', 'touches.occurred_on') }}
    where not touches.is_automatic
),

answers as (
    select
        starts.clock_key,
        responses.touch_key,
        responses.occurred_at,
        responses.rep_ref,
        row_number() over (
            partition by starts.clock_key order by responses.occurred_at, responses.touch_key
        ) as answer_rank
    from starts
    inner join {{ ref('int_action__responses') }} as responses
        on starts.lead_id = responses.lead_id and starts.started_at < responses.occurred_at
    where starts.policy_rank = 1
)

select
    starts.clock_key,
    starts.clock,
    starts.rule_key,
    starts.calendar,
    starts.budget_business_seconds,
    starts.due_soon_pct,
    starts.severity,
    starts.escalate_to,
    starts.touch_key,
    starts.lead_id,
    starts.channel,
    starts.segment,
    starts.started_at,
    answers.occurred_at as stopped_at,
    answers.touch_key as stopped_by_touch_key,
    case when answers.touch_key is null then starts.owner_ref else answers.rep_ref end as rep_ref,
    day_end.clock_at
from starts
cross join day_end
left join answers on starts.clock_key = answers.clock_key and answers.answer_rank = 1
where starts.policy_rank = 1
