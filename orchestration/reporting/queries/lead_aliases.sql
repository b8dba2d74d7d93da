-- The ids that one lead had before.
select former_lead_id, since_on
from marts.dim_lead_aliases
where lead_id = $lead_id
order by since_on, former_lead_id
