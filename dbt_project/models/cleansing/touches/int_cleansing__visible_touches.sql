{{ config(materialized='view') }}

-- Every touch with the day-ends that see it: known, not superseded by a later version, not held back by a rule.
select
    touches.*,
    greatest(touches.known_on, coalesce(spans.free_from, touches.known_on)) as visible_from,
    least(touches.superseded_on, coalesce(spans.free_to, touches.superseded_on)) as visible_to
from {{ ref('int_cleansing__touchpoints') }} as touches
left join {{ ref('int_cleansing__touch_free_spans') }} as spans
    on
        touches.feed = spans.feed
        and touches.delivery_id = spans.delivery_id
        and touches.delivery_row = spans.delivery_row
-- One condition, since planners multiply the selectivity they guess for each; nearly all touches remain.
where (
    (spans.feed is null or spans.is_free)
    and greatest(touches.known_on, coalesce(spans.free_from, touches.known_on))
    < least(touches.superseded_on, coalesce(spans.free_to, touches.superseded_on))
) is true
