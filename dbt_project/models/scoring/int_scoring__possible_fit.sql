-- Missing is not zero: the lowest and highest points that a lead's unknown attributes could still bring (DESIGN 5 Scoring).
with

group_ranges as (
    select
        days.as_of_date,
        rules.tag_group,
        -- The cap of a group is its most points or, where it is negative, its fewest.
        {% for bound, extreme in [('lowest_milli', 'min'), ('highest_milli', 'max')] %}
        case
            when max(rules.group_cap) < 0 then greatest({{ extreme }}(rules.points), min(rules.group_cap))
            else least({{ extreme }}(rules.points), max(rules.group_cap))
        end * 1000 as {{ bound }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('rul_scoring__fit') }} as rules
    inner join {{ ref('rul_vocabulary__tag_groups') }} as groups
        on rules.tag_group = groups.tag_group and groups.absence_means = 'unknown'
    inner join {{ ref('int_cleansing__day_ends') }} as days on {{ active_on('rules', 'days.as_of_date') }}
    group by days.as_of_date, rules.tag_group
),

known_groups as (
    select distinct as_of_date, lead_id, tag_group
    from {{ ref('int_tagging__lead_tags') }}
)

select
    segments.as_of_date,
    segments.lead_id,
    cast(sum(group_ranges.lowest_milli) as bigint) as lowest_milli,
    cast(sum(group_ranges.highest_milli) as bigint) as highest_milli,
    {{ sorted_text_list('group_ranges.tag_group', "'|'") }} as unknown_tag_groups
from {{ ref('int_tagging__lead_segments') }} as segments
inner join group_ranges on segments.as_of_date = group_ranges.as_of_date
left join known_groups
    on
        segments.as_of_date = known_groups.as_of_date
        and segments.lead_id = known_groups.lead_id
        and group_ranges.tag_group = known_groups.tag_group
where known_groups.tag_group is null
group by segments.as_of_date, segments.lead_id
