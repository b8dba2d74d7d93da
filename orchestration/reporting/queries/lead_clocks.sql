-- The response clocks of one lead, newest first.
select clock, rule_key, state, started_at, due_at, stopped_at, budget_business_seconds, elapsed_business_seconds, channel
from marts.fct_response_clocks
where lead_id = $lead_id
order by started_at desc, clock_key
limit $rows
