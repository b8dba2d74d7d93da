-- Why sales sent leads back, in the period and in the one before.
select
    coalesce(return_reason, 'none_given') as reason,
    count(*) filter (where returned_on >= $first_on) as leads,
    count(*) filter (where returned_on < $first_on) as before_leads
from marts.fct_lead_lifecycle
where scope = $scope and returned_on between $before_first_on and $until_on
    and (returned_on >= $first_on or returned_on <= $before_until_on)
group by 1
order by leads desc, before_leads desc, reason
