-- The whole trail (R03): every touch that the current day-end sees, with the lead that owns it today, if any. What was found out
-- of it comes from a narrow table of its own: with its joins here, the planner put the wide touches into memory for each of
-- them, and 4 GB did not hold 4.2 million.
select
    cast(touches.touch_key as varchar) as touch_key,
    cast(trail.lead_id as varchar) as lead_id,
    cast({{ published_key('touches.subject_key') }} as varchar) as subject_key,
    cast(touches.occurred_at as timestamp) as occurred_at,
    cast(touches.occurred_on as date) as occurred_on,
    cast(touches.known_on as date) as known_on,
    cast(touches.channel as varchar) as channel,
    cast(touches.touch_type as varchar) as touch_type,
    cast(trail.qualifier as varchar) as qualifier,
    cast(touches.measure_value as bigint) as measure_value,
    cast(touches.initiative as varchar) as initiative,
    cast(touches.is_response as boolean) as is_response,
    cast(touches.is_automatic as boolean) as is_automatic,
    cast(trail.session_key as varchar) as session_key,
    cast(touches.content_ref as varchar) as content_ref,
    cast(touches.campaign_ref as varchar) as campaign_ref,
    cast(touches.rep_ref as varchar) as rep_ref,
    cast(trail.stitched_on as date) as stitched_on,
    cast(touches.feed as varchar) as feed,
    cast(touches.record_key as varchar) as record_key,
    cast(touches.delivery_id as varchar) as delivery_id
from {{ ref('int_cleansing__touchpoints') }} as touches
inner join {{ ref('int_lead_quality__trail') }} as trail
    on touches.touch_key = trail.touch_key and touches.known_on = trail.known_on
