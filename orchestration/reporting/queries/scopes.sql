-- Scored leads by scope.
select coalesce(scope, 'b2b') as scope, count(*) as leads
from marts.fct_lead_scores
group by all
order by scope
