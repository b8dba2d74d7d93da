-- Missing is not zero: the lowest and highest points that a lead's unknown attributes could still bring (DESIGN 5 Scoring).
with

group_ranges as (
    {{ fit_group_ranges() }}
),

known_groups as (
    select as_of_date, lead_id, tag_group
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
