-- How many clocks wait for an answer.
select c.state, count(*) as clocks
from marts.fct_response_clocks as c
inner join marts.dim_leads as l on c.lead_id = l.lead_id
where l.scope = $scope and c.stopped_at is null and c.state in ('breached', 'due_soon', 'running')
group by c.state
order by c.state
