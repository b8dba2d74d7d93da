{{ config(schema='action') }}
{%- set text = dbt.type_string() -%}
{%- set no_text = 'cast(null as ' ~ text ~ ')' -%}
{%- set no_number = 'cast(null as bigint)' -%}
{%- set epoch = "cast('1970-01-01' as timestamp)" -%}
-- What the rows of rule_action__priority may ask about a lead. Numbers are in thousandths, so that scores keep their
-- milli-points and a threshold is compared as threshold * 1000; instants are milliseconds since 1970.
with

day_end as (
    select as_of_date, clock_at
    from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

leads as (
    select * from {{ ref('dim_leads') }}
),

scores as (
    select * from {{ ref('fct_lead_scores') }}
),

recent_touches as (
    select touches.lead_id, touches.channel, touches.touch_type, touches.qualifier
    from {{ ref('fct_touchpoints') }} as touches
    cross join day_end
    where
        touches.lead_id is not null
        and not touches.is_automatic
        and touches.initiative <> 'ours'
        and touches.occurred_at >= {{ add_hours('day_end.clock_at', -24) }}
),

last_contacts as (
    select lead_id, max(occurred_on) as contacted_on
    from {{ ref('int_action__responses') }}
    group by lead_id
),

metrics as (
    select lead_id, 'sla_state' as metric, state as value_text, {{ no_number }} as value_milli
    from {{ ref('fct_response_clocks') }}
    where wait_rank = 1

    union all

    select
        clocks.lead_id, 'sla_overdue_business_days', {{ no_text }},
        min(today.business_day_number - due_days.business_day_number) * 1000
    from {{ ref('fct_response_clocks') }} as clocks
    cross join day_end
    inner join {{ ref('dim_dates') }} as due_days on {{ business_date('clocks.due_at') }} = due_days.date_day
    inner join {{ ref('dim_dates') }} as today on {{ business_date('day_end.clock_at') }} = today.date_day
    where clocks.clock = 'first_response' and clocks.state = 'breached' and clocks.stopped_at is null
    group by clocks.lead_id

    union all

    select distinct lead_id, 'form_purpose_last_24h', qualifier, {{ no_number }}
    from recent_touches
    where channel = 'form' and touch_type = 'form_submit' and qualifier is not null

    union all

    select distinct lead_id, 'touch_last_24h', channel || '.' || touch_type, {{ no_number }}
    from recent_touches

    union all

    {% for metric, column in [
        ('band', 'band'), ('maturity_level', 'maturity_level'), ('decision_stage', 'decision_stage'),
    ] -%}
    select lead_id, '{{ metric }}', {{ column }}, {{ no_number }}
    from scores
    where {{ column }} is not null

    union all

    {% endfor -%}
    {% for metric in ['segment', 'scope', 'lifecycle_status', 'decision_role', 'lead_id'] -%}
    select lead_id, '{{ metric }}', {{ metric }}, {{ no_number }}
    from leads
    where {{ metric }} is not null

    union all

    {% endfor -%}
    select lead_id, 'exclusion', tag, {{ no_number }}
    from {{ ref('fct_lead_tags') }}
    where tag_group = 'exclusion'

    union all

    select leads.lead_id, 'is_key_account', case when accounts.is_key_account then '1' else '0' end, {{ no_number }}
    from leads
    inner join {{ ref('dim_accounts') }} as accounts on leads.account_id = accounts.account_id

    union all

    select lead_id, 'open_alert_severity', severity, {{ no_number }}
    from {{ ref('fct_alerts') }}
    where state = 'open' and subject_kind = 'lead'
    group by lead_id, severity

    union all

    select lead_id, 'promised_callback', promise, {{ no_number }}
    from {{ ref('int_action__promised_callbacks') }}

    union all

    select lead_id, 'score', {{ no_text }}, score_milli
    from scores

    union all

    select lead_id, 'score_change_7d', {{ no_text }}, score_change_7d_milli
    from scores
    where score_change_7d_milli is not null

    union all

    select
        metrics.lead_id,
        metrics.metric || coalesce('_' || cast(metrics.window_days as {{ text }}) || 'd', ''),
        {{ no_text }},
        metrics.value_number * 1000
    from {{ ref('int_scoring__activity_metrics') }} as metrics
    inner join day_end on metrics.as_of_date = day_end.as_of_date and metrics.state = 'day_end'

    union all

    select last_contacts.lead_id, 'business_days_since_contact', {{ no_text }},
        (today.business_day_number - contact_days.business_day_number) * 1000
    from last_contacts
    cross join day_end
    inner join {{ ref('dim_dates') }} as contact_days on last_contacts.contacted_on = contact_days.date_day
    inner join {{ ref('dim_dates') }} as today on {{ business_date('day_end.clock_at') }} = today.date_day

    union all

    select lead_id, 'last_activity_at', {{ no_text }},
        {{ seconds_between(epoch, 'cast(last_activity_on as timestamp)') }} * 1000
    from scores
    where last_activity_on is not null

    union all

    select lead_id, 'created_at', {{ no_text }}, {{ seconds_between(epoch, 'created_at') }} * 1000
    from leads
    where created_at is not null
)

select metrics.lead_id, metrics.metric, metrics.value_text, metrics.value_milli
from metrics
where metrics.metric in (select rules.metric from {{ ref('rul_action__priority') }} as rules)
