-- Leads by life-cycle status.
select coalesce(lifecycle_status, 'captured') as lifecycle_status, count(*) as leads
from marts.dim_leads
where scope = $scope
group by all
order by lifecycle_status
