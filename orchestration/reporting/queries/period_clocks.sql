-- Clocks that started in the period, by policy, beside those of the period before.
select
    c.rule_key,
    count(*) filter (where c.started_at >= $from_at) as clocks,
    count(*) filter (where c.state = 'met' and c.started_at >= $from_at) as met,
    count(*) filter (where c.state = 'breached' and c.started_at >= $from_at) as breached,
    count(*) filter (where c.state = 'due_soon' and c.started_at >= $from_at) as due_soon,
    count(*) filter (where c.state = 'running' and c.started_at >= $from_at) as running,
    count(*) filter (where c.state = 'paused' and c.started_at >= $from_at) as paused,
    count(*) filter (where c.state = 'no_calendar' and c.started_at >= $from_at) as no_calendar,
    count(*) filter (where c.state = 'met' and c.started_at < $before_to_at) as met_before,
    count(*) filter (where c.state = 'breached' and c.started_at < $before_to_at) as breached_before,
    min(c.budget_business_seconds) as budget_business_seconds,
    cast(quantile_disc(c.elapsed_business_seconds, 0.5) filter (where c.stopped_at is not null and c.started_at >= $from_at) as bigint)
        as median_business_seconds
from marts.fct_response_clocks as c
left join marts.dim_leads as l on c.lead_id = l.lead_id
where c.started_at >= $before_from_at and c.started_at < $to_at and coalesce(l.scope, $scope) = $scope
group by c.rule_key
having count(*) filter (where c.started_at >= $from_at) > 0
order by clocks desc, c.rule_key
