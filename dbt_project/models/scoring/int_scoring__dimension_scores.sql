-- Each dimension of each lead: points clamped to [floor, full marks], scaled to 0–100 000, weighted (DESIGN 4).
with

sums as (
    select
        segments.as_of_date,
        segments.state,
        segments.lead_id,
        segments.segment,
        segments.scope,
        segments.dimension,
        segments.weight_pct,
        segments.full_marks,
        segments.floor_points,
        cast(coalesce(sum(contributions.points_milli), 0) as bigint) as points_milli
    from {{ ref('int_scoring__segment_dimensions') }} as segments
    left join {{ ref('int_scoring__raw_contributions') }} as contributions
        on
            segments.as_of_date = contributions.as_of_date
            and segments.state = contributions.state
            and segments.lead_id = contributions.lead_id
            and segments.dimension = contributions.dimension
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
),

clamped as (
    select
        sums.*,
        greatest(least(points_milli, full_marks * 1000), floor_points * 1000) as clamped_milli
    from sums
),

scaled as (
    select
        clamped.*,
        {{ div_round('clamped_milli * 100', 'full_marks') }} as scaled_milli
    from clamped
)

select
    scaled.*,
    {{ div_round('scaled_milli * weight_pct', 100) }} as weighted_milli
from scaled
