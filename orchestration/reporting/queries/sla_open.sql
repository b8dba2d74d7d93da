-- Clocks that still run, or ran out unanswered, most urgent first.
select
    c.clock, c.rule_key, c.lead_id, c.state, c.started_at, c.due_at, c.channel,
    l.person_name, l.company_name, l.owner_name
from marts.fct_response_clocks as c
inner join marts.dim_leads as l on c.lead_id = l.lead_id
where l.scope = $scope and c.stopped_at is null and c.state in ('breached', 'due_soon', 'running')
order by case c.state when 'breached' then 3 when 'due_soon' then 1 else 2 end, c.due_at, c.clock_key
limit $rows
