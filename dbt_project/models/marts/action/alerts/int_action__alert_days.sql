{{ config(schema='action') }}
{%- set text = dbt.type_string() -%}
-- What the policies find on the day-ends of the build, near misses too, whatever it is that they watch.
with

policies as (
    select * from {{ ref('rul_anomaly__policies') }}
),

falls as (
    select
        as_of_date, 'lead' as subject_kind, lead_id as subject_key, lead_id, rule_key, as_of_date as since_on, cause,
        -unexplained_milli as magnitude,
        {{ floor_div('100 * unexplained_milli', 'needed_milli') }} as threshold_pct,
        '{"score_before_milli":' || cast(start_score_milli as {{ text }}) || ',"change_milli":'
        || cast(-lost_milli as {{ text }}) || ',"causes":[' || cause_items || '],"rules":[' || rule_items || ']}' as evidence
    from {{ ref('int_action__unexplained_falls') }}
),

stagnation as (
    select
        as_of_date, 'lead' as subject_kind, lead_id as subject_key, lead_id, rule_key, stagnant_since_on as since_on,
        'inactivity' as cause, silent_days as magnitude,
        {{ floor_div('100 * silent_days', 'limit_days + 1') }} as threshold_pct,
        '{"decision_stage":"' || decision_stage || '","stage_since_on":"' || cast(stage_since_on as {{ text }})
        || '","days_in_stage":' || cast({{ days_between('stage_since_on', 'as_of_date') }} as {{ text }})
        || ',"silent_days":' || cast(silent_days as {{ text }}) || ',"limit_days":' || cast(limit_days as {{ text }})
        || ',"rules":["' || stage_rule_key || '"]}' as evidence
    from {{ ref('int_action__stagnant_days') }}
),

-- Clocks that ran out and that nothing had stopped by the day-end, as long as that is news.
late_clocks as (
    select
        clocks.as_of_date, clocks.clock_key, clocks.lead_id, clocks.due_at, clocks.rule_key as clock_rule_key,
        policies.rule_key, policies.threshold, {{ seconds_between('clocks.due_at', 'days.clock_at') }} as late_seconds
    from {{ ref('int_action__clocks') }} as clocks
    inner join {{ ref('int_cleansing__day_ends') }} as days
        on clocks.as_of_date = days.as_of_date and days.is_in_series
    inner join policies
        on
            policies.metric = 'sla_breach'
            and (policies.clocks is null or {{ is_in_list('clocks.clock', 'policies.clocks') }})
            and (policies.clock_rules is null or {{ is_in_list("split_part(clocks.rule_key, '@', 1)", 'policies.clock_rules') }})
            and {{ active_on('policies', 'clocks.as_of_date') }}
            and {{ seconds_between('clocks.due_at', 'days.clock_at') }} < policies.window_days * 86400
    where clocks.state = 'breached' and clocks.stopped_at is null
),

breaches as (
    select
        as_of_date, 'clock' as subject_kind, clock_key as subject_key, lead_id, rule_key, {{ business_date('due_at') }} as since_on,
        cast(null as {{ text }}) as cause, {{ floor_div('late_seconds', 60) }} as magnitude,
        {{ floor_div('late_seconds', 'threshold * 36') }} as threshold_pct,
        '{"due_at":"' || cast(due_at as {{ text }}) || '","late_minutes":'
        || cast({{ floor_div('late_seconds', 60) }} as {{ text }}) || ',"rules":["' || clock_rule_key || '"]}' as evidence
    from late_clocks
),

shares as (
    select
        later.as_of_date, policies.rule_key, policies.threshold, later.band, later.leads, later.share_millionths,
        starts.as_of_date as start_on, starts.share_millionths as start_millionths,
        (later.share_millionths - starts.share_millionths) * case policies.direction when 'down' then -1 else 1 end as moved,
        row_number() over (partition by later.as_of_date, policies.rule_key order by starts.as_of_date) as start_rank
    from {{ ref('rpt_band_shares') }} as later
    inner join {{ ref('int_cleansing__day_ends') }} as days on later.as_of_date = days.as_of_date and days.is_in_series
    inner join policies
        on
            policies.metric = 'band_share'
            and later.band = policies.band
            and later.leads >= coalesce(policies.min_volume, 1)
            and {{ active_on('policies', 'later.as_of_date') }}
    inner join {{ ref('rpt_band_shares') }} as starts
        on
            later.band = starts.band
            and starts.as_of_date < later.as_of_date
            and {{ days_between('starts.as_of_date', 'later.as_of_date') }} <= policies.window_days
            and starts.leads >= coalesce(policies.min_volume, 1)
),

creeping_shares as (
    select
        as_of_date, 'band_share' as subject_kind, 'b2b|' || band as subject_key, cast(null as {{ text }}) as lead_id, rule_key,
        as_of_date as since_on, cast(null as {{ text }}) as cause, moved as magnitude,
        {{ floor_div('moved', 'threshold * 100') }} as threshold_pct,
        '{"leads":' || cast(leads as {{ text }}) || ',"share_millionths":' || cast(share_millionths as {{ text }})
        || ',"start_on":"' || cast(start_on as {{ text }}) || '","start_share_millionths":'
        || cast(start_millionths as {{ text }}) || '}' as evidence
    from shares
    where start_rank = 1 and moved > 0
),

found as (
    select * from falls
    union all
    select * from stagnation
    union all
    select * from breaches
    union all
    select * from creeping_shares
)

select
    found.as_of_date, found.subject_kind, found.subject_key, found.lead_id, policies.metric as alert_kind, found.rule_key,
    policies.severity, policies.notify_role, found.since_on, found.cause, found.magnitude, found.evidence, found.threshold_pct
from found
inner join policies on found.rule_key = policies.rule_key
where found.threshold_pct >= {{ var('near_miss_pct') }}
union all
-- What is watched as series, distribution, feed, delivery or check says only when its policy holds.
select
    as_of_date, subject_kind, subject_key, cast(null as {{ text }}), alert_kind, rule_key, severity, notify_role, since_on, cause,
    magnitude_milli, evidence, 100
from {{ ref('int_action__series_alert_days') }}
