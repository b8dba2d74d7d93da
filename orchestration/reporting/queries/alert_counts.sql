-- Open alerts by kind, the gravest kind first.
select
    a.alert_kind,
    count(*) as alerts,
    min(case a.severity when 'critical' then 1 when 'warning' then 2 else 3 end) as gravity
from marts.fct_alerts as a
left join marts.dim_leads as l on a.lead_id = l.lead_id
where a.state = 'open' and coalesce(l.scope, $scope) = $scope
group by a.alert_kind
order by gravity, alerts desc, a.alert_kind
