{{ config(materialized='kept_days') }}
-- What each rule, cap, clamp and rounding gives to the total, so that a plain sum of score_share_milli is the score.
with

dimensions as (
    select * from {{ ref('int_scoring__dimension_scores') }}
    where state = 'day_end'
),

points_and_clamps as (
    select as_of_date, lead_id, dimension, kind, rule_id, rule_key, touches, points_milli, last_occurred_on
    from {{ ref('int_scoring__raw_contributions') }}
    where state = 'day_end'
    union all
    select
        as_of_date, lead_id, dimension, 'clamp' as kind, dimension as rule_id,
        cast(null as {{ dbt.type_string() }}) as rule_key, 0 as touches,
        clamped_milli - points_milli as points_milli, cast(null as date) as last_occurred_on
    from dimensions
    where clamped_milli <> points_milli
),

shares as (
    select
        points_and_clamps.*,
        {{ div_round('points_and_clamps.points_milli * dimensions.weight_pct', 'dimensions.full_marks') }} as score_share_milli
    from points_and_clamps
    inner join dimensions
        on
            points_and_clamps.as_of_date = dimensions.as_of_date
            and points_and_clamps.lead_id = dimensions.lead_id
            and points_and_clamps.dimension = dimensions.dimension
),

share_sums as (
    select as_of_date, lead_id, dimension, sum(score_share_milli) as share_milli
    from shares
    group by as_of_date, lead_id, dimension
),

roundings as (
    select
        dimensions.as_of_date,
        dimensions.lead_id,
        dimensions.dimension,
        dimensions.weighted_milli - coalesce(share_sums.share_milli, 0) as rounding_milli
    from dimensions
    left join share_sums
        on
            dimensions.as_of_date = share_sums.as_of_date
            and dimensions.lead_id = share_sums.lead_id
            and dimensions.dimension = share_sums.dimension
)

select
    as_of_date, lead_id, dimension, kind, rule_id, rule_key, cast(touches as bigint) as touches,
    cast(points_milli as bigint) as points_milli, cast(score_share_milli as bigint) as score_share_milli, last_occurred_on
from shares

union all

select
    as_of_date, lead_id, dimension, 'rounding' as kind, dimension as rule_id,
    cast(null as {{ dbt.type_string() }}) as rule_key, cast(0 as bigint) as touches, cast(0 as bigint) as points_milli,
    cast(rounding_milli as bigint) as score_share_milli, cast(null as date) as last_occurred_on
from roundings
where rounding_milli <> 0
