-- How long the queue is, and how many people share it.
select count(*) as leads, count(distinct q.owner_ref) as owners
from marts.rpt_lead_queue as q
inner join marts.fct_lead_scores as s on q.lead_id = s.lead_id
where s.scope = $scope
