-- How one lead came.
select t.occurred_at, t.channel, t.touch_type, t.qualifier, t.measure_value, coalesce(c.title, t.content_ref) as content
from marts.fct_touchpoints as t
left join marts.dim_content as c on t.content_ref = c.content_id
where t.lead_id = $lead_id and t.occurred_on <= $as_of_date and not t.is_automatic
order by t.occurred_at, t.touch_key
limit 1
