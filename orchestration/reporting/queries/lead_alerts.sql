-- The alerts of one lead, open ones first.
select alert_id, alert_kind, rule_key, severity, opened_on, last_seen_on, closed_on, state, points_milli, cause, evidence
from marts.fct_alerts
where lead_id = $lead_id
order by state desc, opened_on desc, alert_id
limit $rows
