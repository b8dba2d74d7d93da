-- The newest touches of one lead.
select
    t.occurred_at, t.channel, t.touch_type, t.qualifier, t.measure_value, t.initiative, t.is_automatic,
    coalesce(c.title, t.content_ref) as content
from marts.fct_touchpoints as t
left join marts.dim_content as c on t.content_ref = c.content_id
where t.lead_id = $lead_id and t.occurred_on <= $as_of_date
order by t.occurred_at desc, t.touch_key
limit $rows
