{{ config(schema='action') }}
{%- set text = dbt.type_string() -%}
-- Everything but leads that is to be told at a day-end. since_on is the day from which it would have been told, so that an
-- alert has the same first day whichever build looks back on it.
with

series as (
    select
        causes.*,
        change_milli - data_gap_milli - mix_milli as behaviour_milli
    from {{ ref('int_action__series_causes') }} as causes
),

series_days as (
    select
        as_of_date,
        'series' as subject_kind,
        metric || case when metric in ('reject_rate', 'rule_hit_rate') then '|feed=' else '|channel=' end || part_1
        || case metric
            when 'reject_rate' then '' when 'rule_hit_rate' then '|rule=' || part_2 else '|industry=' || part_2
        end as subject_key,
        case direction when 1 then 'series_rise' else 'series_drop' end as alert_kind,
        rule_key,
        off_since_on as since_on,
        case
            when
                direction * data_gap_milli > 0 and direction * data_gap_milli >= direction * mix_milli
                and direction * data_gap_milli >= direction * behaviour_milli then 'data_gap'
            when direction * mix_milli > direction * behaviour_milli then 'mix'
            else 'behaviour'
        end as cause,
        change_milli as magnitude_milli,
        '{"window":["' || cast(window_from as {{ text }}) || '","' || cast(date_day as {{ text }}) || '"],"before":["'
        || cast(before_from as {{ text }}) || '","' || cast(before_to as {{ text }}) || '"],"before_milli":'
        || cast(before_milli as {{ text }}) || ',"change_milli":' || cast(change_milli as {{ text }})
        || ',"score_milli":' || cast(score_milli as {{ text }})
        || ',"causes":{"data_gap":' || cast(data_gap_milli as {{ text }}) || ',"mix":' || cast(mix_milli as {{ text }})
        || ',"behaviour":' || cast(behaviour_milli as {{ text }}) || '},"parts":[' || part_items || ']}' as evidence
    from series
),

drift_days as (
    select
        drift.as_of_date,
        'distribution' as subject_kind,
        policies.metric || '|' || policies.subject as subject_key,
        'distribution_drift' as alert_kind,
        drift.rule_key,
        drift.since_on,
        'mix' as cause,
        drift.psi_milli as magnitude_milli,
        '{"psi_milli":' || cast(drift.psi_milli as {{ text }}) || ',"before_leads":' || cast(drift.before_leads as {{ text }})
        || ',"now_leads":' || cast(drift.now_leads as {{ text }}) || ',"values":[' || drift.bin_items || ']}' as evidence
    from {{ ref('int_action__distribution_days') }} as drift
    inner join {{ ref('rul_anomaly__limits') }} as policies on drift.rule_key = policies.rule_key
),

delivery_days as (
    select
        as_of_date,
        case metric when 'feed_late' then 'feed' when 'check_suspended' then 'check' else 'delivery' end as subject_kind,
        subject_key,
        metric as alert_kind,
        rule_key,
        since_on,
        'data_gap' as cause,
        1000 * (amount - usual_amount) as magnitude_milli,
        '{"last_on":"' || cast(last_on as {{ text }}) || '","' || case metric
            when 'feed_late' then 'silent_workdays' when 'check_suspended' then 'caught' else 'records'
        end || '":' || cast(amount as {{ text }}) || ',"' || case metric when 'check_suspended' then 'allowed' else 'usual' end
        || '":' || cast(usual_amount as {{ text }}) || '}' as evidence
    from {{ ref('int_action__delivery_watch') }}
),

level_days as (
    select
        as_of_date,
        'series' as subject_kind,
        'score_level|channel=' || channel as subject_key,
        'series_drop' as alert_kind,
        rule_key,
        as_of_date as since_on,
        cause,
        change_milli as magnitude_milli,
        '{"before_on":"' || cast(start_on as {{ text }}) || '","before_milli":' || cast(before_milli as {{ text }})
        || ',"change_milli":' || cast(change_milli as {{ text }}) || ',"leads":' || cast(leads as {{ text }})
        || ',"causes":{' || cause_items || '}}' as evidence
    from {{ ref('int_action__score_levels') }}
),

found as (
    select * from series_days
    union all
    select * from drift_days
    union all
    select * from delivery_days
    union all
    select * from level_days
),

policies as (
    select rule_key, severity, notify_role from {{ ref('rul_anomaly__series') }}
    union all
    select rule_key, severity, notify_role from {{ ref('rul_anomaly__limits') }}
)

select
    found.as_of_date,
    found.subject_kind,
    found.subject_key,
    found.alert_kind,
    found.rule_key,
    policies.severity,
    policies.notify_role,
    found.since_on,
    found.cause,
    cast(found.magnitude_milli as bigint) as magnitude_milli,
    found.evidence
from found
inner join policies on found.rule_key = policies.rule_key
