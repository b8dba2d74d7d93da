-- What one lead did, by channel and kind of touch, apart from what was done to it.
select
    channel, touch_type, initiative,
    count(*) as touches,
    min(occurred_on) as first_on,
    max(occurred_on) as last_on
from marts.fct_touchpoints
where lead_id = $lead_id and occurred_on <= $as_of_date and not is_automatic
group by channel, touch_type, initiative
order by touches desc, channel, touch_type, initiative
