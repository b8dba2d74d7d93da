{{ config(schema='lead_quality') }}
-- What could still bring a lead points: an attribute that nobody knows yet, a touch of a kind that counts, a fact that sales
-- could learn. Of a tag group, an exclusive group and a group of needs only the best rule is an option, with what is left
-- below its cap.
with

leads as (
    select scores.as_of_date, scores.lead_id
    from {{ ref('int_scoring__lead_scores') }} as scores
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on scores.as_of_date = day_ends.as_of_date and day_ends.is_current
),

contributions as (
    select contributions.*
    from {{ ref('int_scoring__contributions') }} as contributions
    inner join leads on contributions.as_of_date = leads.as_of_date and contributions.lead_id = leads.lead_id
),

known_groups as (
    select distinct tags.lead_id, tags.tag_group
    from {{ ref('int_tagging__lead_tags') }} as tags
    inner join leads on tags.as_of_date = leads.as_of_date and tags.lead_id = leads.lead_id
),

attributes as (
    select
        leads.lead_id, 'attribute' as kind, 'fit' as dimension, rules.tag_group as option_group, rules.rule_id, rules.rule_key,
        least(rules.points, rules.group_cap) * 1000 as gain_milli
    from leads
    inner join {{ ref('rul_scoring__fit') }} as rules on {{ active_on('rules', 'leads.as_of_date') }}
    inner join {{ ref('rul_vocabulary__tag_groups') }} as groups
        on rules.tag_group = groups.tag_group and groups.absence_means = 'unknown'
    left join known_groups on leads.lead_id = known_groups.lead_id and rules.tag_group = known_groups.tag_group
    where known_groups.lead_id is null
),

touch_points as (
    select lead_id, rule_id, sum(points_milli) as points_milli
    from contributions
    where dimension = 'engagement' and kind in ('points', 'rule_cap')
    group by lead_id, rule_id
),

touches as (
    select
        leads.lead_id, 'touch' as kind, 'engagement' as dimension,
        coalesce(rules.exclusive_group, rules.rule_id) as option_group, rules.rule_id, rules.rule_key,
        least(
            rules.points * 1000,
            coalesce(rules.cap_points * 1000 - coalesce(touch_points.points_milli, 0), rules.points * 1000)
        ) as gain_milli
    from leads
    inner join {{ ref('rul_scoring__engagement') }} as rules
        on rules.is_activity = 1 and {{ active_on('rules', 'leads.as_of_date') }}
    left join touch_points on leads.lead_id = touch_points.lead_id and rules.rule_id = touch_points.rule_id
),

needs as (
    select points.lead_id, points.bant_group, points.kind, points.rule_id, points.points_milli
    from {{ ref('int_scoring__need_points') }} as points
    inner join leads on points.as_of_date = leads.as_of_date and points.lead_id = leads.lead_id
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

facts as (
    select
        leads.lead_id, 'fact' as kind, 'need' as dimension, rules.bant_group as option_group, rules.rule_id, rules.rule_key,
        least(
            coalesce(need_groups.points_milli, 0) - coalesce(needs.points_milli, 0) + rules.points * 1000,
            rules.group_cap * 1000
        ) - coalesce(need_groups.capped_milli, 0) as gain_milli
    from leads
    inner join {{ ref('rul_scoring__need') }} as rules
        on rules.signal_kind in ('call_fact', 'form_field') and {{ active_on('rules', 'leads.as_of_date') }}
    left join need_groups on leads.lead_id = need_groups.lead_id and rules.bant_group = need_groups.bant_group
    left join needs on leads.lead_id = needs.lead_id and rules.rule_id = needs.rule_id and needs.kind = 'points'
),

options as (
    select * from attributes
    union all
    select * from touches
    union all
    select * from facts
),

ranked as (
    select
        options.*,
        row_number() over (
            partition by lead_id, dimension, option_group order by gain_milli desc, rule_id asc
        ) as group_rank
    from options
    where gain_milli > 0
)

select lead_id, kind, dimension, option_group, rule_id, rule_key, cast(gain_milli as bigint) as gain_milli
from ranked
where group_rank = 1
