-- Clocks that started in the window, by policy; the time of an answered clock in business seconds.
select
    c.clock, c.rule_key,
    count(*) as clocks,
    count(*) filter (where c.state = 'met') as met,
    count(*) filter (where c.state = 'breached') as breached,
    count(*) filter (where c.state = 'due_soon') as due_soon,
    count(*) filter (where c.state = 'running') as running,
    count(*) filter (where c.state = 'no_calendar') as no_calendar,
    min(c.budget_business_seconds) as budget_business_seconds,
    cast(quantile_disc(c.elapsed_business_seconds, 0.5) filter (where c.stopped_at is not null) as bigint)
        as median_business_seconds
from marts.fct_response_clocks as c
left join marts.dim_leads as l on c.lead_id = l.lead_id
where c.started_at >= $from_at and c.started_at < $as_of_at and coalesce(l.scope, $scope) = $scope
group by c.clock, c.rule_key
order by c.clock, c.rule_key
