-- Moves between life-cycle statuses in the period, the most frequent first.
select t.from_status, t.to_status, count(*) as moves
from marts.fct_status_transitions as t
left join marts.dim_leads as l on t.lead_id = l.lead_id
where
    t.transition_on between $first_on and $until_on and t.cause <> 'opening' and t.from_status is not null
    and t.to_status is not null and coalesce(l.scope, $scope) = $scope
group by all
order by moves desc, t.from_status, t.to_status
limit $rows
