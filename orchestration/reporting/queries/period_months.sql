-- The figures of the last periods of the kind, oldest first.
select *
from marts.rpt_outcomes
where
    scope = $scope and period_kind = $period_kind and breakdown = 'all'
    and period_from <= $first_on and period_from > $series_from_on
order by period_from
