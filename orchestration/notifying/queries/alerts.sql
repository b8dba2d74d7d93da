-- What is open or closed lately on the published day-end, with the words by which people know its lead and who looks after it.
select
    a.alert_id, a.alert_kind, a.subject_kind, a.subject_key, a.lead_id, a.rule_key, a.severity, a.state, a.opened_on, a.reopened_on,
    a.last_seen_on, a.closed_on, a.points_milli, a.cause, a.notify_role, a.handling_state, a.acknowledge_due_at, a.escalated_to,
    a.muted_until_at, l.person_name, l.company_name, coalesce(r.rep_name, l.owner_name) as owner_name, s.score, s.band
from marts.fct_alerts as a
left join marts.dim_leads as l on a.lead_id = l.lead_id
left join marts.dim_reps as r on a.owner_ref = r.rep_id
left join marts.fct_lead_scores as s on a.lead_id = s.lead_id
where a.state = 'open' or a.closed_on >= $since
order by a.alert_id
