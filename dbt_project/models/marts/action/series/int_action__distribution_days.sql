{{ config(schema='action') }}
{%- set text = dbt.type_string() -%}
-- How far the leads of the last `window_days` days lie from those of the calibration period: the population stability index, less
-- what chance alone makes of so few leads. It is taken for windows that end on earlier days too, so that an alert does not open
-- and close from day to day: it stands for `stands_days` after the last window that was too far.
with

policies as (
    select day_ends.as_of_date, policies.*
    from {{ ref('rul_anomaly__limits') }} as policies
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on {{ active_on('policies', 'day_ends.as_of_date') }} and day_ends.is_in_series
    where policies.metric in ('score_drift', 'tag_drift')
),

leads as (
    select days.as_of_date, days.lead_id, leads.created_on, scores.fit_milli
    from {{ ref('int_action__lead_days') }} as days
    inner join {{ ref('int_cleansing__leads') }} as leads
        on days.as_of_date = leads.as_of_date and days.lead_id = leads.lead_id
    inner join {{ ref('int_scoring__lead_scores') }} as scores
        on days.as_of_date = scores.as_of_date and days.lead_id = scores.lead_id
    where days.scope = 'b2b' and days.is_in_series
),

binned as (
    select
        leads.as_of_date, policies.rule_key, leads.created_on,
        case policies.metric
            when 'score_drift' then cast({{ floor_div('leads.fit_milli', 10000) }} * 10 as {{ text }})
            else coalesce(tags.tag, 'unknown')
        end as bin
    from leads
    inner join policies on leads.as_of_date = policies.as_of_date
    left join {{ ref('int_tagging__lead_tags') }} as tags
        on
            leads.as_of_date = tags.as_of_date
            and leads.lead_id = tags.lead_id
            and policies.metric = 'tag_drift'
            and policies.subject = tags.tag_group
),

days as (
    select as_of_date, rule_key, created_on, bin, count(*) as leads
    from binned
    group by as_of_date, rule_key, created_on, bin
),

calibration as (
    select days.as_of_date, days.rule_key, days.bin, sum(days.leads) as leads
    from days
    inner join policies
        on
            days.as_of_date = policies.as_of_date
            and days.rule_key = policies.rule_key
            and days.created_on >= policies.calibration_from
            and days.created_on < policies.calibration_to
    group by days.as_of_date, days.rule_key, days.bin
),

recent_days as (
    select days.*
    from days
    inner join policies
        on
            days.as_of_date = policies.as_of_date
            and days.rule_key = policies.rule_key
            and days.created_on > {{ add_days('policies.as_of_date', '-policies.window_days - policies.look_back_days') }}
),

window_ends as (
    select policies.*, {{ each_day(add_days('as_of_date', '-look_back_days'), 'as_of_date') }} as window_to
    from policies
),

windows as (
    select
        days.as_of_date, days.rule_key, window_ends.window_to, days.bin, sum(days.leads) as leads
    from recent_days as days
    inner join window_ends
        on
            days.as_of_date = window_ends.as_of_date
            and days.rule_key = window_ends.rule_key
            and days.created_on <= window_ends.window_to
            and days.created_on > {{ add_days('window_ends.window_to', '-window_ends.window_days') }}
    group by days.as_of_date, days.rule_key, window_ends.window_to, days.bin
),

bins as (
    select as_of_date, rule_key, bin from calibration
    union
    select as_of_date, rule_key, bin from windows
),

compared as (
    select
        bins.as_of_date, bins.rule_key, bins.bin, window_ends.window_to, window_ends.stands_days, window_ends.threshold,
        window_ends.min_volume,
        coalesce(calibration.leads, 0) as before_leads,
        coalesce(windows.leads, 0) as now_leads,
        sum(coalesce(calibration.leads, 0)) over whole as before_all,
        sum(coalesce(windows.leads, 0)) over whole as now_all,
        count(*) over whole as bins
    from bins
    inner join window_ends on bins.as_of_date = window_ends.as_of_date and bins.rule_key = window_ends.rule_key
    left join calibration
        on bins.as_of_date = calibration.as_of_date and bins.rule_key = calibration.rule_key and bins.bin = calibration.bin
    left join windows
        on
            bins.as_of_date = windows.as_of_date and bins.rule_key = windows.rule_key
            and bins.bin = windows.bin and window_ends.window_to = windows.window_to
    window whole as (partition by bins.as_of_date, bins.rule_key, window_ends.window_to)
),

-- Half a lead more in each bin, so that an empty one has a logarithm too.
parts as (
    select
        compared.*,
        (2.0 * now_leads + 1) / (2 * now_all + bins) as now_share,
        (2.0 * before_leads + 1) / (2 * before_all + bins) as before_share
    from compared
    where now_all >= min_volume and before_all >= min_volume
),

indices as (
    select
        as_of_date, rule_key, window_to, stands_days, threshold, before_all, now_all,
        {{ div_round('sum(cast(round(1000000000 * (now_share - before_share) * ln(now_share / before_share)) as bigint))', 1000000) }}
        - {{ div_round('1000 * (max(bins) - 1) * (before_all + now_all)', 'before_all * now_all') }} as psi_milli,
        {{ sorted_text_list(
            "'{\"value\":\"' || bin || '\",\"before\":' || cast(before_leads as " ~ text ~ ") || ',\"now\":' || cast(now_leads as " ~ text ~ ") || '}'", "','"
        ) }} as bin_items
    from parts
    group by as_of_date, rule_key, window_to, stands_days, threshold, before_all, now_all
),

ends as (
    select
        indices.*,
        min(case when psi_milli >= threshold then window_to end) over (partition by as_of_date, rule_key) as first_far,
        max(case when psi_milli >= threshold then window_to end) over (partition by as_of_date, rule_key) as last_far
    from indices
)

select
    as_of_date,
    rule_key,
    first_far as since_on,
    psi_milli,
    cast(before_all as bigint) as before_leads,
    cast(now_all as bigint) as now_leads,
    bin_items
from ends
where window_to = as_of_date and {{ days_between('last_far', 'as_of_date') }} < stands_days
