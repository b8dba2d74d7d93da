-- Clocks that still run, the next due first, then those that ran out unanswered, the latest first.
select
    c.clock, c.rule_key, c.lead_id, c.state, c.started_at, c.due_at, c.channel,
    l.person_name, l.company_name, l.owner_name
from marts.fct_response_clocks as c
inner join marts.dim_leads as l on c.lead_id = l.lead_id
where l.scope = $scope and c.stopped_at is null and c.state in ('breached', 'due_soon', 'running')
order by
    case c.state when 'due_soon' then 1 when 'running' then 2 else 3 end,
    case when c.state <> 'breached' then c.due_at end, c.due_at desc, c.clock_key
limit $rows
