-- Leads handed over in the period on which sales has not said a word, oldest first.
select f.lead_id, l.person_name, l.company_name, f.source_channel, f.handed_over_on, f.worked_on, s.score, s.band
from marts.fct_lead_lifecycle as f
left join marts.dim_leads as l on f.lead_id = l.lead_id
left join marts.fct_lead_scores as s on f.lead_id = s.lead_id
where f.scope = $scope and f.handed_over_on between $first_on and $until_on and f.handover_state = 'waiting'
order by f.handed_over_on, s.score desc nulls last, f.lead_id
limit $rows
