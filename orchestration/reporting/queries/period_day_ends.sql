-- The newest day-ends of the quality series that lie in the period and before it.
select
    max(as_of_date) filter (where as_of_date >= $first_on) as end_on,
    max(as_of_date) filter (where as_of_date < $first_on) as before_end_on
from marts.rpt_quality_daily
where scope = $scope and as_of_date <= $until_on
