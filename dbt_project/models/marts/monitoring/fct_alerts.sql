{%- set text = dbt.type_string() -%}
{%- set instant = dbt.type_timestamp() -%}
-- Alerts as people see them: whose they are, how they are handled, and the query that shows the rows behind each.
with

alerts as (
    select episodes.*, replace(episodes.subject_key, '''', '''''') as quoted_key, leads.lead_id as known_lead_id, leads.owner_ref
    from {{ ref('int_action__alert_episodes') }} as episodes
    left join {{ ref('dim_leads') }} as leads on episodes.lead_id = leads.lead_id
)

select
    cast(alert_id as {{ text }}) as alert_id,
    cast(alert_kind as {{ text }}) as alert_kind,
    cast(subject_kind as {{ text }}) as subject_kind,
    cast(subject_key as {{ text }}) as subject_key,
    cast(rule_key as {{ text }}) as rule_key,
    cast(severity as {{ text }}) as severity,
    cast(lead_id as {{ text }}) as lead_id,
    cast(coalesce(assigned_ref, owner_ref) as {{ text }}) as owner_ref,
    cast(notify_role as {{ text }}) as notify_role,
    cast(since_on as date) as since_on,
    cast(opened_on as date) as opened_on,
    cast(reopened_on as date) as reopened_on,
    cast(reopenings as bigint) as reopenings,
    cast(last_seen_on as date) as last_seen_on,
    cast(closed_on as date) as closed_on,
    cast(case when closed_on is null then 'open' else 'closed' end as {{ text }}) as state,
    cast(closed_by as {{ text }}) as closed_by,
    cast(close_reason as {{ text }}) as close_reason,
    cast(case when alert_kind in ('score_plunge', 'band_drop') then magnitude end as bigint) as points_milli,
    cast(magnitude as bigint) as magnitude,
    cast(threshold_pct as bigint) as threshold_pct,
    cast(cause as {{ text }}) as cause,
    cast(evidence as {{ text }}) as evidence,
    cast(case
        when alert_kind in ('score_plunge', 'band_drop')
            then 'select * from marts.fct_score_changes where lead_id = ''' || quoted_key || ''' order by as_of_date desc'
        when alert_kind = 'stagnation'
            then 'select * from marts.fct_touchpoints where lead_id = ''' || quoted_key || ''' order by occurred_at desc'
        when subject_kind = 'clock' then 'select * from marts.fct_response_clocks where clock_key = ''' || quoted_key || ''''
        when subject_kind = 'band_share' then 'select * from marts.rpt_band_shares order by as_of_date desc, band'
    end as {{ text }}) as rows_sql,
    cast(acknowledged_at as {{ instant }}) as acknowledged_at,
    cast(acknowledged_by as {{ text }}) as acknowledged_by,
    cast(acknowledge_due_at as {{ instant }}) as acknowledge_due_at,
    cast(handling_state as {{ text }}) as handling_state,
    cast(handling_business_minutes as bigint) as handling_business_minutes,
    cast(case when handling_state in ('overdue', 'late') then escalate_to end as {{ text }}) as escalated_to,
    cast(muted_until_at as {{ instant }}) as muted_until_at,
    cast(is_muted as boolean) as is_muted
from alerts
where lead_id is null or known_lead_id is not null
