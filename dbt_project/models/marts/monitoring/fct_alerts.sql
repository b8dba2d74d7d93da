{%- set text = dbt.type_string() -%}
-- An alert is an island over consecutive day-ends: it opens once, keeps its id while it lasts, shows what its last day
-- found, and closes on the first day-end without it. One that already held at the oldest day-end of the build opened
-- when its own condition began, so that its id does not move with the build.
with

series as (
    select
        days.*,
        {{ add_days(
            'days.as_of_date',
            '-row_number() over (partition by days.lead_id, days.alert_kind order by days.as_of_date)'
        ) }} as island
    from {{ ref('int_action__alert_days') }} as days
),

islands as (
    select
        lead_id,
        alert_kind,
        island,
        min(as_of_date) as first_seen_on,
        max(as_of_date) as last_seen_on
    from series
    group by lead_id, alert_kind, island
),

bounds as (
    select min(as_of_date) as oldest_on, max(as_of_date) as current_on
    from {{ ref('int_action__lead_days') }}
    where is_in_series
),

alerts as (
    select
        islands.lead_id,
        islands.alert_kind,
        case
            when islands.first_seen_on = bounds.oldest_on then least(first_days.since_on, islands.first_seen_on)
            else islands.first_seen_on
        end as opened_on,
        islands.last_seen_on,
        case
            when islands.last_seen_on < bounds.current_on then {{ add_days('islands.last_seen_on', 1) }}
        end as closed_on,
        last_days.rule_key,
        last_days.severity,
        last_days.notify_role,
        last_days.points_milli,
        last_days.cause,
        last_days.evidence
    from islands
    cross join bounds
    inner join series as first_days
        on
            islands.lead_id = first_days.lead_id
            and islands.alert_kind = first_days.alert_kind
            and islands.first_seen_on = first_days.as_of_date
    inner join series as last_days
        on
            islands.lead_id = last_days.lead_id
            and islands.alert_kind = last_days.alert_kind
            and islands.last_seen_on = last_days.as_of_date
)

select
    cast(alerts.alert_kind || '|' || alerts.lead_id || '|' || cast(alerts.opened_on as {{ text }}) as {{ text }}) as alert_id,
    cast(alerts.alert_kind as {{ text }}) as alert_kind,
    cast(alerts.rule_key as {{ text }}) as rule_key,
    cast(alerts.severity as {{ text }}) as severity,
    cast(alerts.lead_id as {{ text }}) as lead_id,
    cast(leads.owner_ref as {{ text }}) as owner_ref,
    cast(alerts.notify_role as {{ text }}) as notify_role,
    cast(alerts.opened_on as date) as opened_on,
    cast(alerts.last_seen_on as date) as last_seen_on,
    cast(alerts.closed_on as date) as closed_on,
    cast(case when alerts.closed_on is null then 'open' else 'closed' end as {{ text }}) as state,
    cast(alerts.points_milli as bigint) as points_milli,
    cast(alerts.cause as {{ text }}) as cause,
    cast(alerts.evidence as {{ text }}) as evidence
from alerts
inner join {{ ref('dim_leads') }} as leads on alerts.lead_id = leads.lead_id
