{{ config(schema='action') }}
{%- set text = dbt.type_string() -%}
-- The daily series behind fct_alerts. Of several policies of one kind the most severe one speaks for the lead.
with

found as (
    select
        as_of_date,
        lead_id,
        rule_key,
        as_of_date as since_on,
        -unexplained_milli as points_milli,
        cause,
        '{"score_before_milli":' || cast(start_score_milli as {{ text }}) || ',"change_milli":'
        || cast(-lost_milli as {{ text }}) || ',"causes":[' || cause_items || '],"rules":[' || rule_items || ']}' as evidence
    from {{ ref('int_action__unexplained_falls') }}

    union all

    select
        as_of_date,
        lead_id,
        rule_key,
        stagnant_since_on as since_on,
        cast(null as bigint) as points_milli,
        'inactivity' as cause,
        '{"decision_stage":"' || decision_stage || '","stage_since_on":"' || cast(stage_since_on as {{ text }})
        || '","days_in_stage":' || cast({{ days_between('stage_since_on', 'as_of_date') }} as {{ text }})
        || ',"silent_days":' || cast(silent_days as {{ text }}) || ',"limit_days":' || cast(limit_days as {{ text }})
        || ',"rules":["' || stage_rule_key || '"]}' as evidence
    from {{ ref('int_action__stagnant_days') }}
),

ranked as (
    select
        found.*,
        policies.metric as alert_kind,
        policies.severity,
        policies.notify_role,
        row_number() over (
            partition by found.as_of_date, found.lead_id, policies.metric
            order by
                case policies.severity when 'critical' then 1 when 'warning' then 2 else 3 end,
                policies.rule_id
        ) as policy_rank
    from found
    inner join {{ ref('rul_anomaly__policies') }} as policies on found.rule_key = policies.rule_key
)

select
    as_of_date, lead_id, alert_kind, rule_key, severity, notify_role, since_on, points_milli, cause, evidence
from ranked
where policy_rank = 1
