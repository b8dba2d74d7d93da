{{ config(schema='lead_quality') }}
-- How often each rule found something at the current day-end, how often that counted, and how often a cap took it all away.
with

day_end as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

-- What a tag rule finds before the first of its group wins.
tag_matches as (
    select value_tags.rule_key, attributes.lead_id
    from {{ ref('int_tagging__lead_attributes') }} as attributes
    inner join day_end on attributes.as_of_date = day_end.as_of_date
    inner join {{ ref('int_tagging__value_tags') }} as value_tags
        on attributes.attribute = value_tags.attribute and attributes.value_text = value_tags.value_text
),

-- What an engagement rule finds before the best of its exclusive group wins.
touch_matches as (
    select days.rule_key, days.lead_id
    from {{ ref('int_scoring__engagement_days') }} as days
    inner join day_end on days.as_of_date = day_end.as_of_date
    where days.state = 'day_end'
),

contributions as (
    select contributions.*
    from {{ ref('int_scoring__contributions') }} as contributions
    inner join day_end on contributions.as_of_date = day_end.as_of_date
),

groups_of_rules as (
    select rule_key, 'fit' as dimension, tag_group as group_name from {{ ref('rul_scoring__fit') }}
    union all
    select rule_key, 'need' as dimension, bant_group as group_name from {{ ref('rul_scoring__need') }}
),

group_losses as (
    select lead_id, dimension, rule_id as group_name, points_milli
    from contributions
    where kind = 'group_cap'
),

applied as (
    {% for relation in [
        'int_tagging__lead_tags', 'int_tagging__lead_segments', 'int_maturity__evidence', 'int_maturity__stage_evidence',
    ] %}
    select uses.rule_key, uses.lead_id, 0 as is_capped_away, 0 as points_milli
    from {{ ref(relation) }} as uses
    inner join day_end on uses.as_of_date = day_end.as_of_date
    union all
    {% endfor %}
    -- Words of a requirement are also understood where a customer says them in a call.
    {% for key in ['rule_key', 'strength_rule_key'] %}
    select uses.{{ key }}, uses.lead_id, 0 as is_capped_away, 0 as points_milli
    from {{ ref('int_tagging__requirement_statements') }} as uses
    inner join day_end on uses.as_of_date = day_end.as_of_date
    where uses.{{ key }} is not null
    union all
    {% endfor %}
    -- A rule that gives no points by intention keeps a record; it is not shadowed.
    select touch_matches.rule_key, touch_matches.lead_id, 0 as is_capped_away, 0 as points_milli
    from touch_matches
    inner join {{ ref('rul_scoring__engagement') }} as rules on touch_matches.rule_key = rules.rule_key and rules.points = 0
    union all
    select
        contributions.rule_key,
        contributions.lead_id,
        case when abs(group_losses.points_milli) >= abs(contributions.points_milli) then 1 else 0 end as is_capped_away,
        contributions.points_milli
    from contributions
    left join groups_of_rules
        on contributions.rule_key = groups_of_rules.rule_key and contributions.dimension = groups_of_rules.dimension
    left join group_losses
        on
            contributions.lead_id = group_losses.lead_id
            and contributions.dimension = group_losses.dimension
            and groups_of_rules.group_name = group_losses.group_name
    where contributions.kind = 'points'
),

matched as (
    select rule_key, lead_id from tag_matches
    union
    select rule_key, lead_id from touch_matches
    union
    select rule_key, lead_id from applied
),

-- Two rules of a group that takes one tag, equally important, on the same value: only the order of their ids decides.
rivals as (
    select one.rule_key, min(other.rule_key) as rival_rule_key
    from {{ ref('int_tagging__value_tags') }} as one
    inner join {{ ref('rul_vocabulary__tag_groups') }} as groups
        on one.tag_group = groups.tag_group and groups.cardinality = 'one'
    inner join {{ ref('int_tagging__value_tags') }} as other
        on
            one.tag_group = other.tag_group
            and one.attribute = other.attribute
            and one.value_text = other.value_text
            and one.priority = other.priority
            and one.tag <> other.tag
    inner join day_end on {{ active_on('one', 'day_end.as_of_date') }} and {{ active_on('other', 'day_end.as_of_date') }}
    group by one.rule_key
),

applied_counts as (
    select
        rule_key,
        count(distinct lead_id) as applied_leads,
        count(distinct case when is_capped_away = 1 then lead_id end) as capped_leads,
        sum(points_milli) as points_milli
    from applied
    group by rule_key
)

select
    matches.rule_key,
    matches.matched_leads,
    coalesce(applied_counts.applied_leads, 0) as applied_leads,
    coalesce(applied_counts.capped_leads, 0) as capped_leads,
    coalesce(applied_counts.points_milli, 0) as points_milli,
    rivals.rival_rule_key
from (select rule_key, count(distinct lead_id) as matched_leads from matched group by rule_key) as matches
left join applied_counts on matches.rule_key = applied_counts.rule_key
left join rivals on matches.rule_key = rivals.rule_key
where matches.rule_key is not null
