-- The source records that one lead is made of, the oldest known first.
select feed, record_key, former_lead_id, first_known_on
from marts.dim_lead_aliases
where lead_id = $lead_id
order by first_known_on, feed, record_key
