-- The newest touches of one lead.
select occurred_at, occurred_on, channel, touch_type, qualifier, measure_value, initiative, is_automatic, content_ref,
    campaign_ref, feed, record_key
from marts.fct_touchpoints
where lead_id = $lead_id and occurred_on <= $as_of_date
order by occurred_at desc, touch_key
limit $rows
