{% set most_steps = var('next_band_most_steps') %}
-- The smallest set of attributes, touches and facts that lifts a lead one band, out of its options. Within a dimension the
-- k largest options are the best k, so it is enough to try how many of each dimension to take; every number is the score
-- with all clamps and roundings.
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

higher_bands as (
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

leads as (
    select * from higher_bands
    where band_rank = 1
),

options as (
    select
        options.*,
        row_number() over (
            partition by options.lead_id, options.dimension order by options.gain_milli desc, options.rule_key asc
        ) as place,
        cast(sum(options.gain_milli) over (
            partition by options.lead_id, options.dimension
            order by options.gain_milli desc, options.rule_key asc rows unbounded preceding
        ) as bigint) as gains_milli
    from {{ ref('int_lead_quality__lift_options') }} as options
),

penalties as (
    select * from {{ ref('int_lead_quality__silence_penalties') }}
),

-- Points of a dimension with its best k options, and with one less; the first touch ends the silence.
points_taken as (
    select
        dimensions.lead_id, dimensions.dimension, dimensions.full_marks, dimensions.floor_points, dimensions.weight_pct,
        0 as taken,
        dimensions.points_milli,
        dimensions.points_milli as points_before_milli
    from dimensions
    union all
    select
        dimensions.lead_id, dimensions.dimension, dimensions.full_marks, dimensions.floor_points, dimensions.weight_pct,
        options.place as taken,
        dimensions.points_milli + options.gains_milli - coalesce(penalties.penalty_milli, 0) as points_milli,
        dimensions.points_milli + options.gains_milli - options.gain_milli
        - case when options.place = 1 then 0 else coalesce(penalties.penalty_milli, 0) end as points_before_milli
    from dimensions
    inner join options on dimensions.lead_id = options.lead_id and dimensions.dimension = options.dimension
    left join penalties on dimensions.lead_id = penalties.lead_id and dimensions.dimension = 'engagement'
    where options.place <= {{ most_steps }}
),

shares as (
    select
        lead_id, dimension, weight_pct, taken,
        {% for points in ['points', 'points_before'] %}
        {{ div_round(
            'greatest(least(' ~ points ~ '_milli, full_marks * 1000), floor_points * 1000) * 100', 'full_marks'
        ) }} as {{ points.replace('points', 'share') }}_milli{{ ',' if not loop.last }}
        {% endfor %}
    from points_taken
),

weighted as (
    select
        lead_id, dimension, taken,
        {{ div_round('share_milli * weight_pct', 100) }} as weighted_milli,
        {{ div_round('share_before_milli * weight_pct', 100) }} as weighted_before_milli
    from shares
),

-- A last option that adds nothing is in no smallest set.
useful as (
    select lead_id, dimension, taken, weighted_milli, weighted_milli - weighted_before_milli as last_milli
    from weighted
    where taken = 0 or weighted_milli > weighted_before_milli
),

sets as (
    select
        leads.lead_id,
        leads.next_band_milli,
        coalesce(fit.taken, 0) as fit_taken,
        coalesce(engagement.taken, 0) as engagement_taken,
        coalesce(need.taken, 0) as need_taken,
        coalesce(fit.taken, 0) + coalesce(engagement.taken, 0) + coalesce(need.taken, 0) as steps,
        coalesce(fit.weighted_milli, 0) + coalesce(engagement.weighted_milli, 0) + coalesce(need.weighted_milli, 0)
            as score_after_milli,
        {% for dimension in ['fit', 'engagement', 'need'] %}
        case when {{ dimension }}.taken > 0 then {{ dimension }}.last_milli end as {{ dimension }}_last_milli{{ ',' if not loop.last }}
        {% endfor %}
    from leads
    {% for dimension in ['fit', 'engagement', 'need'] %}
    left join useful as {{ dimension }}
        on leads.lead_id = {{ dimension }}.lead_id and {{ dimension }}.dimension = '{{ dimension }}'
    {% endfor %}
),

-- Of a smallest set no step can be left out: nine of ten sets need not be sorted.
ranked as (
    select
        sets.*,
        row_number() over (
            partition by lead_id
            order by steps asc, score_after_milli desc, fit_taken desc, need_taken desc
        ) as set_rank
    from sets
    where
        steps <= {{ most_steps }}
        and score_after_milli >= next_band_milli
        {% for dimension in ['fit', 'engagement', 'need'] %}
        and coalesce(score_after_milli - {{ dimension }}_last_milli < next_band_milli, true)
        {% endfor %}
),

smallest as (
    select * from ranked
    where set_rank = 1
)

select
    cast(leads.lead_id as {{ dbt.type_string() }}) as lead_id,
    cast(leads.as_of_date as date) as as_of_date,
    cast(leads.band as {{ dbt.type_string() }}) as band,
    cast(leads.next_band as {{ dbt.type_string() }}) as next_band,
    cast(leads.next_band_milli - leads.score_milli as bigint) as missing_milli,
    cast(smallest.steps as bigint) as steps,
    cast(row_number() over (
        partition by leads.lead_id
        order by options.gain_milli * dimensions.weight_pct / dimensions.full_marks desc, options.rule_key asc
    ) as bigint) as step,
    cast(options.kind as {{ dbt.type_string() }}) as kind,
    cast(options.dimension as {{ dbt.type_string() }}) as dimension,
    cast(options.option_group as {{ dbt.type_string() }}) as option_group,
    cast(options.rule_key as {{ dbt.type_string() }}) as rule_key,
    cast(options.gain_milli as bigint) as gain_milli,
    cast(smallest.score_after_milli as bigint) as score_after_milli
from leads
inner join smallest on leads.lead_id = smallest.lead_id
inner join options on leads.lead_id = options.lead_id
inner join dimensions on leads.lead_id = dimensions.lead_id and options.dimension = dimensions.dimension
where
    options.place <= case options.dimension
        when 'fit' then smallest.fit_taken
        when 'engagement' then smallest.engagement_taken
        else smallest.need_taken
    end
