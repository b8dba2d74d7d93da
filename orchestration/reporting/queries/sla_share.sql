-- Of the clocks that started in a window and were decided: how many were met. Two windows of equal length.
select
    count(*) filter (where c.state = 'met' and c.started_at >= $from_at) as met,
    count(*) filter (where c.state in ('met', 'breached') and c.started_at >= $from_at) as decided,
    count(*) filter (where c.state = 'met' and c.started_at < $before_at) as met_before,
    count(*) filter (where c.state in ('met', 'breached') and c.started_at < $before_at) as decided_before
from marts.fct_response_clocks as c
left join marts.dim_leads as l on c.lead_id = l.lead_id
where
    c.started_at >= $before_from_at and c.started_at < $as_of_at
    and coalesce(l.scope, $scope) = $scope
