{%- set text = dbt.type_string() -%}
-- What each policy would have cost at its threshold and at others, replayed over the record: a spell of days at or above
-- the threshold is one alert. What was there on the first day of the record, or of the policy, is not counted as new.
with

current_day as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

recorded as (
    select record.*
    from {{ ref('fct_alert_days') }} as record
    inner join current_day on record.as_of_date <= current_day.as_of_date
),

watched as (
    select as_of_date, row_number() over (order by as_of_date) as day_number
    from recorded
    where subject_kind = 'day_end'
),

thresholds as (
    {% for pct in var('budget_threshold_pcts') -%}
    select {{ pct }} as alternative_pct {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Of series and limits nothing is recorded below their line, so there is no other threshold to replay.
all_policies as (
    select rule_key, status, valid_from, valid_to, metric, severity, threshold, threshold_unit, true as has_near_misses
    from {{ ref('rul_anomaly__policies') }}
    union all
    select rule_key, status, valid_from, valid_to, metric, severity, enter_milli, 'spread_milli', false
    from {{ ref('rul_anomaly__series') }}
    union all
    select rule_key, status, valid_from, valid_to, metric, severity, threshold, threshold_unit, false
    from {{ ref('rul_anomaly__limits') }}
),

policies as (
    select policies.*
    from all_policies as policies
    inner join current_day on {{ active_on('policies', 'current_day.as_of_date') }}
),

policy_days as (
    select policies.rule_key, min(watched.as_of_date) as first_on, greatest(count(watched.as_of_date) - 1, 0) as days
    from policies
    left join watched on policies.valid_from <= watched.as_of_date
    group by policies.rule_key
),

hits as (
    select
        recorded.as_of_date, recorded.subject_kind, recorded.subject_key, policies.rule_key, thresholds.alternative_pct,
        watched.day_number,
        watched.day_number - lag(watched.day_number) over (
            partition by recorded.subject_kind, recorded.subject_key, policies.rule_key, thresholds.alternative_pct
            order by watched.day_number
        ) as days_since
    from recorded
    inner join watched on recorded.as_of_date = watched.as_of_date
    inner join policies on recorded.rule_key = policies.rule_key
    inner join thresholds on recorded.threshold_pct >= thresholds.alternative_pct
),

counted as (
    select
        hits.rule_key, hits.alternative_pct,
        sum(case when coalesce(days_since, 2) > 1 and hits.as_of_date > policy_days.first_on then 1 else 0 end) as opened,
        sum(case when hits.as_of_date = current_day.as_of_date then 1 else 0 end) as open_now
    from hits
    inner join policy_days on hits.rule_key = policy_days.rule_key
    cross join current_day
    group by hits.rule_key, hits.alternative_pct
)

select
    cast(policies.rule_key as {{ text }}) as rule_key,
    cast(policies.metric as {{ text }}) as alert_kind,
    cast(policies.severity as {{ text }}) as severity,
    cast(policies.threshold as bigint) as threshold,
    cast(policies.threshold_unit as {{ text }}) as threshold_unit,
    cast(thresholds.alternative_pct as bigint) as alternative_pct,
    cast(policies.threshold * thresholds.alternative_pct * 10 as bigint) as alternative_milli,
    cast(thresholds.alternative_pct = 100 as boolean) as is_in_force,
    cast(days.days as bigint) as days_watched,
    cast(coalesce(counted.opened, 0) as bigint) as opened,
    cast(case
        when days.days > 0 then {{ div_round('7000 * coalesce(counted.opened, 0)', 'days.days') }}
    end as bigint) as opened_per_week_milli,
    cast(coalesce(counted.open_now, 0) as bigint) as open_now
from policies
inner join thresholds on policies.has_near_misses or thresholds.alternative_pct = 100
inner join policy_days as days on policies.rule_key = days.rule_key
left join counted on policies.rule_key = counted.rule_key and thresholds.alternative_pct = counted.alternative_pct
