-- Of the first-response clocks that started in a window and were decided: how many were met. Two windows of equal length.
-- Clocks of other kinds have their own line in the table of policies.
select
    count(*) filter (where c.state = 'met' and c.started_at >= $from_at) as met,
    count(*) filter (where c.state in ('met', 'breached') and c.started_at >= $from_at) as decided,
    count(*) filter (where c.state = 'met' and c.started_at < $before_at) as met_before,
    count(*) filter (where c.state in ('met', 'breached') and c.started_at < $before_at) as decided_before
from marts.fct_response_clocks as c
left join marts.dim_leads as l on c.lead_id = l.lead_id
where
    c.clock = 'first_response'
    and c.started_at >= $before_from_at and c.started_at < $as_of_at
    and coalesce(l.scope, $scope) = $scope
