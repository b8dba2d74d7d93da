-- Fit points per lead: each tag's rule, then the cap of its tag group (R10).
with

tag_points as (
    select
        states.as_of_date,
        states.state,
        states.lead_id,
        rules.tag_group,
        rules.rule_id,
        rules.rule_key,
        rules.points * 1000 as points_milli,
        rules.group_cap * 1000 as cap_milli
    from {{ ref('int_scoring__states') }} as states
    inner join {{ ref('int_tagging__lead_tags') }} as tags
        on states.attributes_on = tags.as_of_date and states.lead_id = tags.lead_id
    inner join {{ ref('rul_scoring__fit') }} as rules
        on
            tags.tag_group = rules.tag_group
            and tags.tag = rules.tag
            and {{ active_on('rules', 'states.rules_on') }}
),

group_sums as (
    select
        as_of_date,
        state,
        lead_id,
        tag_group,
        cast(sum(points_milli) as bigint) as points_milli,
        case when max(cap_milli) < 0 then min(cap_milli) else max(cap_milli) end as cap_milli
    from tag_points
    group by as_of_date, state, lead_id, tag_group
),

capped as (
    select
        group_sums.*,
        case when cap_milli < 0 then greatest(points_milli, cap_milli) else least(points_milli, cap_milli) end as capped_milli
    from group_sums
)

select as_of_date, state, lead_id, 'points' as kind, rule_id, rule_key, points_milli
from tag_points
where points_milli <> 0

union all

select as_of_date, state, lead_id, 'group_cap' as kind, tag_group as rule_id, cast(null as {{ dbt.type_string() }}) as rule_key,
    capped_milli - points_milli as points_milli
from capped
where capped_milli <> points_milli
