-- Since when a lead is in its life-cycle status, and why; `opening`: at least since then.
select transition_on, days_in_status, cause, from_status
from marts.fct_status_transitions
where lead_id = $lead_id and is_current
