-- Every alert of the published day-end, with the words by which people know its lead.
select
    a.alert_id, a.alert_kind, a.lead_id, a.rule_key, a.severity, a.state, a.opened_on, a.last_seen_on, a.closed_on,
    a.points_milli, a.cause, a.notify_role, l.person_name, l.company_name, l.owner_name, s.score, s.band
from marts.fct_alerts as a
left join marts.dim_leads as l on a.lead_id = l.lead_id
left join marts.fct_lead_scores as s on a.lead_id = s.lead_id
order by a.alert_id
