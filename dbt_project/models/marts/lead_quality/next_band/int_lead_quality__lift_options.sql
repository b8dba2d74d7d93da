{{ config(schema='lead_quality') }}
{% set most_steps = var('next_band_most_steps') %}
-- What could still bring a lead points: an attribute that nobody knows yet, a touch of a kind that counts, a fact that sales
-- could learn. Of a tag group, an exclusive group and a group of needs only the best rule is an option, with what is left
-- below its cap. A group of which a lead has nothing yet brings every such lead the same, so only the groups that a lead has
-- begun are worked out lead by lead, and of the others the best that a set can hold are enough (11 M rows less to sort for
-- 100 000 leads).
with

current_day as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

leads as (
    select scores.lead_id
    from {{ ref('int_scoring__lead_scores') }} as scores
    inner join current_day on scores.as_of_date = current_day.as_of_date
),

rules as (
    select
        'attribute' as kind, 'fit' as dimension, rules.tag_group as option_group, rules.rule_id, rules.rule_key,
        rules.points * 1000 as points_milli, rules.group_cap * 1000 as cap_milli
    from {{ ref('rul_scoring__fit') }} as rules
    inner join current_day on {{ active_on('rules', 'current_day.as_of_date') }}
    inner join {{ ref('rul_vocabulary__tag_groups') }} as groups
        on rules.tag_group = groups.tag_group and groups.absence_means = 'unknown'
    union all
    select
        'touch', 'engagement', coalesce(rules.exclusive_group, rules.rule_id), rules.rule_id, rules.rule_key,
        rules.points * 1000, rules.cap_points * 1000
    from {{ ref('rul_scoring__engagement') }} as rules
    inner join current_day on {{ active_on('rules', 'current_day.as_of_date') }}
    where rules.is_activity = 1
    union all
    select 'fact', 'need', rules.bant_group, rules.rule_id, rules.rule_key, rules.points * 1000, rules.group_cap * 1000
    from {{ ref('rul_scoring__need') }} as rules
    inner join current_day on {{ active_on('rules', 'current_day.as_of_date') }}
    where rules.signal_kind in ('call_fact', 'form_field')
),

known_groups as (
    select distinct tags.lead_id, tags.tag_group
    from {{ ref('int_tagging__lead_tags') }} as tags
    inner join current_day on tags.as_of_date = current_day.as_of_date
),

touch_points as (
    select contributions.lead_id, contributions.rule_id, sum(contributions.points_milli) as points_milli
    from {{ ref('int_scoring__contributions') }} as contributions
    inner join current_day on contributions.as_of_date = current_day.as_of_date
    where contributions.dimension = 'engagement' and contributions.kind in ('points', 'rule_cap')
    group by contributions.lead_id, contributions.rule_id
),

begun_touches as (
    select distinct touch_points.lead_id, rules.option_group
    from touch_points
    inner join rules on touch_points.rule_id = rules.rule_id and rules.kind = 'touch'
),

needs as (
    select points.lead_id, points.bant_group, points.kind, points.rule_id, points.points_milli
    from {{ ref('int_scoring__need_points') }} as points
    inner join current_day on points.as_of_date = current_day.as_of_date
    where points.state = 'day_end'
),

need_groups as (
    select
        lead_id, bant_group,
        sum(points_milli) as capped_milli,
        sum(case when kind = 'points' then points_milli else 0 end) as points_milli
    from needs
    group by lead_id, bant_group
),

begun_groups as (
    select lead_id, 'fit' as dimension, tag_group as option_group from known_groups
    union all
    select lead_id, 'engagement', option_group from begun_touches
    union all
    select lead_id, 'need', bant_group from need_groups
),

begun_options as (
    select
        begun_touches.lead_id, rules.kind, rules.dimension, rules.option_group, rules.rule_id, rules.rule_key,
        least(
            rules.points_milli, coalesce(rules.cap_milli - coalesce(touch_points.points_milli, 0), rules.points_milli)
        ) as gain_milli
    from begun_touches
    inner join rules on begun_touches.option_group = rules.option_group and rules.kind = 'touch'
    left join touch_points on begun_touches.lead_id = touch_points.lead_id and rules.rule_id = touch_points.rule_id
    union all
    select
        need_groups.lead_id, rules.kind, rules.dimension, rules.option_group, rules.rule_id, rules.rule_key,
        least(need_groups.points_milli - coalesce(needs.points_milli, 0) + rules.points_milli, rules.cap_milli)
        - need_groups.capped_milli as gain_milli
    from need_groups
    inner join rules on need_groups.bant_group = rules.option_group and rules.kind = 'fact'
    left join needs
        on need_groups.lead_id = needs.lead_id and rules.rule_id = needs.rule_id and needs.kind = 'points'
),

ranked_begun_options as (
    select
        begun_options.*,
        row_number() over (
            partition by lead_id, dimension, option_group order by gain_milli desc, rule_id asc
        ) as group_rank
    from begun_options
    where gain_milli > 0
),

ranked_rules as (
    select
        rules.*,
        row_number() over (partition by dimension, option_group order by gain_milli desc, rule_id asc) as group_rank
    from (
        select rules.*, least(points_milli, coalesce(cap_milli, points_milli)) as gain_milli
        from rules
    ) as rules
    where gain_milli > 0
),

whole_groups as (
    select
        ranked_rules.*,
        row_number() over (partition by dimension order by gain_milli desc, rule_key asc) as place
    from ranked_rules
    where group_rank = 1
),

-- The best of what is left are among as many more places as there are groups that the lead has begun.
last_places as (
    select leads.lead_id, dimensions.dimension, {{ most_steps }} + coalesce(begun.groups, 0) as last_place
    from leads
    cross join (select distinct dimension from whole_groups) as dimensions
    left join (
        select lead_id, dimension, count(*) as groups
        from begun_groups
        group by lead_id, dimension
    ) as begun
        on leads.lead_id = begun.lead_id and dimensions.dimension = begun.dimension
),

whole_options as (
    select
        last_places.lead_id, whole_groups.kind, whole_groups.dimension, whole_groups.option_group,
        whole_groups.rule_id, whole_groups.rule_key, whole_groups.gain_milli
    from last_places
    inner join whole_groups
        on last_places.dimension = whole_groups.dimension and whole_groups.place <= last_places.last_place
    left join begun_groups
        on
            last_places.lead_id = begun_groups.lead_id
            and last_places.dimension = begun_groups.dimension
            and whole_groups.option_group = begun_groups.option_group
    where begun_groups.lead_id is null
)

select lead_id, kind, dimension, option_group, rule_id, rule_key, cast(gain_milli as bigint) as gain_milli
from whole_options
union all
select
    begun.lead_id, begun.kind, begun.dimension, begun.option_group, begun.rule_id, begun.rule_key,
    cast(begun.gain_milli as bigint) as gain_milli
from ranked_begun_options as begun
where begun.group_rank = 1
