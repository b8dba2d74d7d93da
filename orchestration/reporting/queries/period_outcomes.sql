-- What came of the leads in the period and in the one before, by one breakdown.
select *
from marts.rpt_outcomes
where scope = $scope and period_kind = $period_kind and period_from in ($first_on, $before_first_on) and breakdown = $breakdown
order by period_from desc, leads desc, handed_over desc, member
