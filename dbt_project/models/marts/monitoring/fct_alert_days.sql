{{ config(
    materialized='incremental',
    full_refresh=false,
    incremental_strategy='append',
    pre_hook='{{ forget_day_ends_to_record() }}',
    on_schema_change='append_new_columns',
) }}
{%- set text = dbt.type_string() -%}
{%- set subject = 'subject_kind, subject_key, alert_kind' -%}
-- The record behind fct_alerts. Of several policies that hold, the most severe one speaks for the subject. A condition that
-- held on the recorded day-end before, or at most reopen_days ago, is the same alert: it keeps its id, and is never given another.
with

days as (
    {{ day_ends_to_record() }}
),

record as (
    {{ alert_days_before(this) }}
),

numbered_days as (
    select as_of_date, row_number() over (order by as_of_date) as day_number
    from (
        select as_of_date from days
        union
        select as_of_date from record
    ) as all_days
),

found as (
    select
        alert_days.*,
        threshold_pct >= 100 and row_number() over (
            partition by as_of_date, {{ subject }}
            order by
                case when threshold_pct >= 100 then 0 else 1 end,
                case severity when 'critical' then 1 when 'warning' then 2 else 3 end,
                rule_key
        ) = 1 as speaks
    from {{ ref('int_action__alert_days') }} as alert_days
    inner join days using (as_of_date)
),

told_before as (
    select record.*, row_number() over (partition by {{ subject }} order by as_of_date desc) as newest_rank
    from record
    where speaks
),

-- The last that the record tells of a subject, then the days that are added to it.
links as (
    select {{ subject }}, as_of_date, severity, alert_id, opened_on, reopened_on, reopenings, clock_from_on, true as is_told
    from told_before
    where newest_rank = 1
    union all
    select
        {{ subject }}, as_of_date, severity, cast(null as {{ text }}), cast(null as date), cast(null as date), cast(null as bigint),
        cast(null as date), false
    from found
    where speaks
),

gaps as (
    select
        links.*,
        numbered_days.day_number - lag(numbered_days.day_number) over subjects as days_since,
        {{ days_between('lag(links.as_of_date) over subjects', 'links.as_of_date') }} as calendar_days_since
    from links
    inner join numbered_days on links.as_of_date = numbered_days.as_of_date
    window subjects as (partition by {{ subject }} order by links.as_of_date)
),

begun as (
    select
        gaps.*,
        not is_told and (days_since is null or (days_since > 1 and calendar_days_since > coalesce(handling.reopen_days, 0))) as is_new,
        not is_told and coalesce(days_since > 1 and calendar_days_since <= handling.reopen_days, false) as is_reopened,
        day_before.as_of_date is not null as was_watched_before
    from gaps
    left join {{ ref('rul_anomaly__handling') }} as handling
        on
            gaps.severity = handling.severity
            and {{ is_in_list('gaps.subject_kind', 'handling.subject_kinds') }}
            and {{ active_on('handling', 'gaps.as_of_date') }}
    left join numbered_days as day_before on {{ add_days('gaps.as_of_date', -1) }} = day_before.as_of_date
),

numbered as (
    select begun.*, sum(case when is_new then 1 else 0 end) over (partition by {{ subject }} order by as_of_date) as alert_number
    from begun
),

spells as (
    select
        numbered.*,
        sum(case when is_new or is_reopened then 1 else 0 end)
            over (partition by {{ subject }}, alert_number order by as_of_date) as spell
    from numbered
),

alerts as (
    select
        {{ subject }}, as_of_date,
        coalesce(
            max(alert_id) over alert,
            alert_kind || '|' || subject_key || '|' || cast(min(as_of_date) over alert as {{ text }})
        ) as alert_id,
        coalesce(max(opened_on) over alert, min(as_of_date) over alert) as opened_on,
        coalesce(max(case when is_reopened then as_of_date end) over so_far, max(reopened_on) over alert) as reopened_on,
        coalesce(max(reopenings) over alert, 0) + sum(case when is_reopened then 1 else 0 end) over so_far as reopenings,
        max(case when (is_new or is_reopened) and was_watched_before then as_of_date when is_told then clock_from_on end)
            over (partition by {{ subject }}, alert_number, spell) as clock_from_on
    from spells
    window
        alert as (partition by {{ subject }}, alert_number),
        so_far as (partition by {{ subject }}, alert_number order by as_of_date)
)

select
    cast(found.as_of_date as date) as as_of_date,
    cast(found.subject_kind as {{ text }}) as subject_kind,
    cast(found.subject_key as {{ text }}) as subject_key,
    cast(found.alert_kind as {{ text }}) as alert_kind,
    cast(found.rule_key as {{ text }}) as rule_key,
    cast(found.speaks as boolean) as speaks,
    cast(found.threshold_pct as bigint) as threshold_pct,
    cast(found.lead_id as {{ text }}) as lead_id,
    cast(found.severity as {{ text }}) as severity,
    cast(found.notify_role as {{ text }}) as notify_role,
    cast(found.since_on as date) as since_on,
    cast(found.cause as {{ text }}) as cause,
    cast(found.magnitude as bigint) as magnitude,
    cast(found.evidence as {{ text }}) as evidence,
    cast(alerts.alert_id as {{ text }}) as alert_id,
    cast(alerts.opened_on as date) as opened_on,
    cast(alerts.reopened_on as date) as reopened_on,
    cast(alerts.reopenings as bigint) as reopenings,
    cast(alerts.clock_from_on as date) as clock_from_on
from found
left join alerts
    on
        found.speaks
        and found.as_of_date = alerts.as_of_date
        and found.subject_kind = alerts.subject_kind
        and found.subject_key = alerts.subject_key
        and found.alert_kind = alerts.alert_kind
union all
-- The day itself, so that a day without alerts is known to have been watched.
select
    as_of_date, 'day_end', cast(as_of_date as {{ text }}), 'watched', null, false, null, null, null, null, null, null,
    null, null, null, null, null, null, null
from days
