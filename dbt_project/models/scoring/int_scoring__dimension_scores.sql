-- Each dimension of each lead: points clamped to [floor, full marks], scaled to 0–100 000, weighted (DESIGN 4).
with

-- Added up before the segment is joined: it is the same for all contributions of a lead.
points as (
    select as_of_date, state, lead_id, dimension, cast(sum(points_milli) as bigint) as points_milli
    from {{ ref('int_scoring__raw_contributions') }}
    group by as_of_date, state, lead_id, dimension
),

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
        coalesce(points.points_milli, 0) as points_milli
    from {{ ref('int_scoring__segment_dimensions') }} as segments
    left join points
        on
            segments.as_of_date = points.as_of_date
            and segments.state = points.state
            and segments.lead_id = points.lead_id
            and segments.dimension = points.dimension
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
