-- The score of a lead at a day-end: the weighted dimensions added up, and its possible range.
with

dimensions as (
    select * from {{ ref('int_scoring__dimension_scores') }}
),

possible as (
    select
        dimensions.as_of_date,
        dimensions.lead_id,
        {% for bound, unknown in [('min', 'lowest_milli'), ('max', 'highest_milli')] %}
        {{ div_round(
            div_round(
                'greatest(least(dimensions.points_milli + coalesce(possible_fit.' ~ unknown ~ ', 0), dimensions.full_marks * 1000), dimensions.floor_points * 1000) * 100',
                'dimensions.full_marks'
            ) ~ ' * dimensions.weight_pct', 100
        ) }} - dimensions.weighted_milli as fit_change_{{ bound }}_milli,
        {% endfor %}
        possible_fit.unknown_tag_groups
    from dimensions
    left join {{ ref('int_scoring__possible_fit') }} as possible_fit
        on dimensions.as_of_date = possible_fit.as_of_date and dimensions.lead_id = possible_fit.lead_id
    where dimensions.dimension = 'fit' and dimensions.state = 'day_end'
),

bant as (
    select
        as_of_date,
        lead_id,
        cast(greatest(sum(points_milli), 0) as bigint) as bant_milli
    from {{ ref('int_scoring__need_points') }}
    where bant_group in ('budget', 'authority', 'need', 'timeline') and state = 'day_end'
    group by as_of_date, lead_id
),

totals as (
    select
        as_of_date,
        lead_id,
        segment,
        scope,
        max(case when dimension = 'fit' then scaled_milli end) as fit_milli,
        max(case when dimension = 'engagement' then scaled_milli end) as engagement_milli,
        max(case when dimension = 'need' then scaled_milli end) as need_milli,
        max(case when dimension = 'engagement' then points_milli end) as engagement_points_milli,
        cast(sum(weighted_milli) as bigint) as score_milli
    from dimensions
    where state = 'day_end'
    group by as_of_date, lead_id, segment, scope
)

select
    totals.as_of_date,
    totals.lead_id,
    totals.segment,
    totals.scope,
    totals.fit_milli,
    totals.engagement_milli,
    totals.need_milli,
    totals.engagement_points_milli,
    coalesce(bant.bant_milli, 0) as bant_milli,
    totals.score_milli,
    {{ div_round('totals.score_milli', 1000) }} as score,
    totals.score_milli + coalesce(possible.fit_change_min_milli, 0) as score_min_milli,
    totals.score_milli + coalesce(possible.fit_change_max_milli, 0) as score_max_milli,
    possible.unknown_tag_groups
from totals
left join possible on totals.as_of_date = possible.as_of_date and totals.lead_id = possible.lead_id
left join bant on totals.as_of_date = bant.as_of_date and totals.lead_id = bant.lead_id
