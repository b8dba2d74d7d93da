-- The smallest set of facts, attributes or touches that lifts a lead one band: the options that bring the largest share of
-- the score first, until the score of the next band is reached with every clamp and rounding.
with

dimensions as (
    select dimensions.*
    from {{ ref('int_scoring__dimension_scores') }} as dimensions
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on dimensions.as_of_date = day_ends.as_of_date and day_ends.is_current
    where dimensions.state = 'day_end'
),

scores as (
    select scores.*
    from {{ ref('int_scoring__lead_scores') }} as scores
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on scores.as_of_date = day_ends.as_of_date and day_ends.is_current
),

next_bands as (
    select
        scores.as_of_date, scores.lead_id, scores.band, scores.score_milli,
        bands.band as next_band,
        bands.lower_pct * 1000 as next_band_milli,
        row_number() over (partition by scores.lead_id order by bands.lower_pct) as band_rank
    from scores
    inner join {{ ref('rul_scoring__bands') }} as bands
        on
            bands.band_set = 'total'
            and bands.lower_pct * 1000 > scores.score_milli
            and {{ active_on('bands', 'scores.as_of_date') }}
),

in_dimensions as (
    select
        options.lead_id, options.kind, options.dimension, options.option_group, options.rule_key, options.gain_milli,
        dimensions.weight_pct,
        dimensions.full_marks,
        dimensions.floor_points,
        dimensions.points_milli + sum(options.gain_milli) over (
            partition by options.lead_id, options.dimension
            order by options.gain_milli desc, options.rule_key asc rows unbounded preceding
        ) as points_after_milli
    from {{ ref('int_lead_quality__lift_options') }} as options
    inner join dimensions on options.lead_id = dimensions.lead_id and options.dimension = dimensions.dimension
),

-- What is above full marks or below the floor helps nobody.
counted as (
    select
        in_dimensions.*,
        greatest(least(points_after_milli, full_marks * 1000), floor_points * 1000)
        - greatest(least(points_after_milli - gain_milli, full_marks * 1000), floor_points * 1000) as counted_milli
    from in_dimensions
),

steps as (
    select
        next_bands.as_of_date, next_bands.lead_id, next_bands.band, next_bands.score_milli, next_bands.next_band,
        next_bands.next_band_milli,
        counted.kind, counted.dimension, counted.option_group, counted.rule_key, counted.gain_milli,
        row_number() over (
            partition by next_bands.lead_id
            order by {{ div_round('counted.counted_milli * counted.weight_pct', 'counted.full_marks') }} desc, counted.gain_milli desc,
                counted.rule_key asc
        ) as step
    from next_bands
    inner join counted on next_bands.lead_id = counted.lead_id
    where next_bands.band_rank = 1 and counted.counted_milli > 0
),

points_so_far as (
    select
        steps.lead_id,
        steps.step,
        dimensions.dimension,
        dimensions.full_marks,
        dimensions.floor_points,
        dimensions.weight_pct,
        dimensions.points_milli
        + sum(case when steps.dimension = dimensions.dimension then steps.gain_milli else 0 end)
            over (partition by steps.lead_id, dimensions.dimension order by steps.step rows unbounded preceding) as points_milli
    from steps
    inner join dimensions on steps.lead_id = dimensions.lead_id
),

scores_so_far as (
    select
        lead_id,
        step,
        sum(
            {{ div_round(
                div_round('greatest(least(points_milli, full_marks * 1000), floor_points * 1000) * 100', 'full_marks')
                ~ ' * weight_pct', 100
            ) }}
        ) as score_after_milli
    from points_so_far
    group by lead_id, step
),

lifted as (
    select steps.lead_id, min(steps.step) as steps
    from steps
    inner join scores_so_far on steps.lead_id = scores_so_far.lead_id and steps.step = scores_so_far.step
    where scores_so_far.score_after_milli >= steps.next_band_milli
    group by steps.lead_id
)

select
    cast(steps.lead_id as {{ dbt.type_string() }}) as lead_id,
    cast(steps.as_of_date as date) as as_of_date,
    cast(steps.band as {{ dbt.type_string() }}) as band,
    cast(steps.next_band as {{ dbt.type_string() }}) as next_band,
    cast(steps.next_band_milli - steps.score_milli as bigint) as missing_milli,
    cast(lifted.steps as bigint) as steps,
    cast(steps.step as bigint) as step,
    cast(steps.kind as {{ dbt.type_string() }}) as kind,
    cast(steps.dimension as {{ dbt.type_string() }}) as dimension,
    cast(steps.option_group as {{ dbt.type_string() }}) as option_group,
    cast(steps.rule_key as {{ dbt.type_string() }}) as rule_key,
    cast(steps.gain_milli as bigint) as gain_milli,
    cast(scores_so_far.score_after_milli as bigint) as score_after_milli
from steps
inner join lifted on steps.lead_id = lifted.lead_id and steps.step <= lifted.steps
inner join scores_so_far on steps.lead_id = scores_so_far.lead_id and steps.step = scores_so_far.step
