-- The day-ends that the quality series holds, oldest first.
select distinct as_of_date
from marts.rpt_quality_daily
where as_of_date <= $as_of_date
order by as_of_date
