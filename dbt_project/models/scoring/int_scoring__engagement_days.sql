-- Engagement per lead, rule and day, in the fixed order: touches of the day (capped) x points x decay (DESIGN 4).
with

-- Rows are grouped by numbers of the day-end's lead-states and of the rules: by their texts it took a quarter longer.
segments as (
    select
        dimensions.*,
        row_number() over (partition by as_of_date order by state, lead_id) as segment_no
    from {{ ref('int_scoring__segment_dimensions') }} as dimensions
    where dimension = 'engagement'
),

rules as (
    select
        versions.*,
        row_number() over (order by rule_key) as rule_no
    from {{ ref('rul_scoring__engagement') }} as versions
),

touch_days as (
    select
        segments.as_of_date,
        segments.segment_no,
        rules.rule_no,
        days.occurred_on,
        cast(sum(days.touches) as bigint) as touches,
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
    group by segments.as_of_date, segments.segment_no, rules.rule_no, days.occurred_on
),

aged as (
    select
        segments.as_of_date,
        segments.state,
        segments.lead_id,
        rules.rule_key,
        rules.channel,
        rules.touch_type,
        touch_days.occurred_on,
        touch_days.known_on,
        touch_days.touches,
        rules.points,
        rules.depth,
        rules.is_activity,
        least(touch_days.touches, rules.max_per_day) as counted_touches,
        rules.half_life_days is null as never_ages,
        {{ segment_half_life('rules.half_life_days', 'segments.half_life_factor_pct') }} as half_life_days,
        {{ days_between('touch_days.occurred_on', 'segments.age_on') }} as age_days
    from touch_days
    inner join rules on touch_days.rule_no = rules.rule_no
    inner join segments on touch_days.as_of_date = segments.as_of_date and touch_days.segment_no = segments.segment_no
)

-- Of the rule only what several readers ask for stands here: these are the most rows of the layer, and writing all of
-- their rule beside them took longer than computing them.
select
    aged.as_of_date,
    aged.state,
    aged.lead_id,
    aged.rule_key,
    aged.channel,
    aged.touch_type,
    aged.occurred_on,
    aged.known_on,
    aged.age_days,
    aged.touches,
    aged.depth,
    aged.is_activity,
    {{ div_round(
        'aged.counted_touches * aged.points * 1000 * (case when aged.never_ages then 1000000 else coalesce(weights.weight_millionths, 0) end)',
        1000000
    ) }} as points_milli
from aged
left join {{ ref('int_scoring__decay_weights') }} as weights
    on aged.half_life_days = weights.half_life_days and aged.age_days = weights.age_days
