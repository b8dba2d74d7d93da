-- Leads by band at each month-end of the last twelve months and at the end of the period.
select as_of_date, band, cast(sum(leads) as bigint) as leads
from marts.rpt_quality_daily
where
    scope = $scope
    and as_of_date between $end_on - interval 12 month and $end_on
    and (as_of_date = last_day(as_of_date) or as_of_date = $end_on or as_of_date = $before_end_on)
group by all
order by as_of_date, band
