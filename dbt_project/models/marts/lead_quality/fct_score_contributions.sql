select
    cast(contributions.lead_id as varchar) as lead_id,
    cast(contributions.as_of_date as date) as as_of_date,
    cast(contributions.dimension as varchar) as dimension,
    cast(contributions.kind as varchar) as kind,
    cast(contributions.rule_id as varchar) as rule_id,
    cast(contributions.rule_key as varchar) as rule_key,
    cast(contributions.touches as bigint) as touches,
    cast(contributions.points_milli as bigint) as points_milli,
    cast(contributions.score_share_milli as bigint) as score_share_milli,
    cast(contributions.last_occurred_on as date) as last_occurred_on
from {{ ref('int_scoring__contributions') }} as contributions
inner join {{ ref('int_cleansing__day_ends') }} as day_ends
    on contributions.as_of_date = day_ends.as_of_date and day_ends.is_current
