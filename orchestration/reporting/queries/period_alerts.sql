-- Alerts that opened and closed in the period, and those open at the day-end, by kind and severity.
select
    a.alert_kind, a.severity,
    count(*) filter (where a.opened_on between $first_on and $until_on) as opened,
    count(*) filter (where a.closed_on between $first_on and $until_on) as closed,
    count(*) filter (where a.state = 'open') as still_open
from marts.fct_alerts as a
left join marts.dim_leads as l on a.lead_id = l.lead_id
where coalesce(l.scope, $scope) = $scope
group by a.alert_kind, a.severity
having opened + closed + still_open > 0
order by case a.severity when 'critical' then 1 when 'warning' then 2 else 3 end, opened desc, a.alert_kind
