{{ config(schema='action') }}
-- Leads that stayed in a decision stage longer than its rule allows, or are on the way there, while neither they nor we did
-- anything.
with

limits as (
    select
        days.as_of_date,
        days.lead_id,
        days.decision_stage,
        days.stage_since_on,
        days.last_activity_on,
        policies.rule_key,
        stages.rule_key as stage_rule_key,
        policies.threshold * case days.segment
            when 'enterprise' then stages.stagnation_days_enterprise else stages.stagnation_days_default
        end as limit_days
    from {{ ref('int_action__lead_days') }} as days
    inner join {{ ref('rul_anomaly__policies') }} as policies
        on
            policies.scope = 'lead'
            and policies.metric = 'stagnation'
            and (
                policies.lifecycle_statuses is null
                or {{ is_in_list('days.lifecycle_status', 'policies.lifecycle_statuses') }}
            )
            and days.is_in_series
            and {{ active_on('policies', 'days.as_of_date') }}
    inner join {{ ref('rul_maturity__stages') }} as stages
        on days.decision_stage = stages.decision_stage and {{ active_on('stages', 'days.as_of_date') }}
),

overdue as (
    select *
    from limits
    where
        {{ days_between('stage_since_on', 'as_of_date') }} * 100 >= (limit_days + 1) * {{ var('near_miss_pct') }}
        and coalesce({{ days_between('last_activity_on', 'as_of_date') }} * 100 >= (limit_days + 1) * {{ var('near_miss_pct') }}, true)
),

contacts as (
    select overdue.as_of_date, overdue.lead_id, overdue.rule_key, max(responses.occurred_on) as last_contact_on
    from overdue
    inner join {{ ref('int_action__responses') }} as responses
        on
            overdue.lead_id = responses.lead_id
            and responses.occurred_on <= overdue.as_of_date
            and responses.known_on <= overdue.as_of_date
    group by overdue.as_of_date, overdue.lead_id, overdue.rule_key
),

still as (
    select
        overdue.*,
        greatest(
            overdue.stage_since_on,
            coalesce(overdue.last_activity_on, overdue.stage_since_on),
            coalesce(contacts.last_contact_on, overdue.stage_since_on)
        ) as still_since_on
    from overdue
    left join contacts
        on
            overdue.as_of_date = contacts.as_of_date
            and overdue.lead_id = contacts.lead_id
            and overdue.rule_key = contacts.rule_key
)

select
    as_of_date,
    lead_id,
    rule_key,
    stage_rule_key,
    decision_stage,
    stage_since_on,
    limit_days,
    {{ days_between('still_since_on', 'as_of_date') }} as silent_days,
    {{ add_days('still_since_on', 'limit_days + 1') }} as stagnant_since_on
from still
where {{ days_between('still_since_on', 'as_of_date') }} * 100 >= (limit_days + 1) * {{ var('near_miss_pct') }}
