-- Leads by band and maturity level.
select coalesce(band, 'not_scored') as band, coalesce(maturity_level, 'unknown') as maturity_level, count(*) as leads
from marts.fct_lead_scores
where scope = $scope
group by all
order by band, maturity_level
