-- Engagement per lead, rule and day, in the fixed order: touches of the day (capped) x points x decay (DESIGN 4).
with

segments as (
    select * from {{ ref('int_scoring__segment_dimensions') }}
    where dimension = 'engagement'
),

rules as (
    select * from {{ ref('rul_scoring__engagement') }}
),

touch_days as (
    select
        segments.as_of_date,
        segments.state,
        segments.lead_id,
        segments.age_on,
        segments.half_life_factor_pct,
        days.rule_key,
        days.occurred_on,
        sum(days.touches) as touches,
        min(days.visible_from) as known_on
    from {{ ref('int_scoring__touch_rule_days') }} as days
    inner join {{ ref('int_cleansing__key_owners') }} as owners on days.subject_key = owners.key_key
    inner join segments
        on
            owners.as_of_date = segments.owners_on
            and owners.lead_id = segments.lead_id
            and days.occurred_on <= segments.occurred_until_on
            and days.visible_from <= segments.known_on
            and segments.known_on < days.visible_to
            and days.word_from <= segments.rules_on
            and segments.rules_on < days.word_to
    inner join rules on days.rule_key = rules.rule_key and {{ active_on('rules', 'segments.rules_on') }}
    group by
        segments.as_of_date, segments.state, segments.lead_id, segments.age_on, segments.half_life_factor_pct,
        days.rule_key, days.occurred_on
),

aged as (
    select
        touch_days.*,
        rules.rule_id,
        rules.channel,
        rules.touch_type,
        rules.points,
        rules.cap_points,
        rules.exclusive_group,
        rules.depth,
        rules.is_activity,
        least(touch_days.touches, rules.max_per_day) as counted_touches,
        rules.half_life_days is null as never_ages,
        {{ segment_half_life('rules.half_life_days', 'touch_days.half_life_factor_pct') }} as half_life_days,
        {{ days_between('touch_days.occurred_on', 'touch_days.age_on') }} as age_days
    from touch_days
    inner join rules on touch_days.rule_key = rules.rule_key
)

select
    aged.as_of_date,
    aged.state,
    aged.lead_id,
    aged.rule_id,
    aged.rule_key,
    aged.channel,
    aged.touch_type,
    aged.occurred_on,
    aged.known_on,
    aged.age_days,
    aged.touches,
    aged.counted_touches,
    aged.cap_points,
    aged.exclusive_group,
    aged.depth,
    aged.is_activity,
    case when aged.never_ages then 1000000 else coalesce(weights.weight_millionths, 0) end as weight_millionths,
    {{ div_round(
        'aged.counted_touches * aged.points * 1000 * (case when aged.never_ages then 1000000 else coalesce(weights.weight_millionths, 0) end)',
        1000000
    ) }} as points_milli
from aged
left join {{ ref('int_scoring__decay_weights') }} as weights
    on aged.half_life_days = weights.half_life_days and aged.age_days = weights.age_days
