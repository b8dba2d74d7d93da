-- Alerts that opened in the period, gravest first.
select
    a.alert_kind, a.rule_key, a.severity, a.lead_id, a.opened_on, a.closed_on, a.points_milli, a.cause,
    l.person_name, l.company_name, s.score, s.band
from marts.fct_alerts as a
left join marts.dim_leads as l on a.lead_id = l.lead_id
left join marts.fct_lead_scores as s on a.lead_id = s.lead_id
where a.opened_on between $first_on and $until_on and coalesce(l.scope, $scope) = $scope
order by
    case a.severity when 'critical' then 1 when 'warning' then 2 else 3 end,
    a.points_milli nulls last, s.score_milli desc nulls last, a.alert_id
limit $rows
