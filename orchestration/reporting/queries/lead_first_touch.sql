-- How one lead came.
select occurred_at, channel, touch_type, qualifier, content_ref, campaign_ref
from marts.fct_touchpoints
where lead_id = $lead_id and occurred_on <= $as_of_date and not is_automatic
order by occurred_at, touch_key
limit 1
