-- Leads by band at each month-end of the last twelve months, and now.
select as_of_date, coalesce(band, 'not_scored') as band, cast(sum(leads) as bigint) as leads
from marts.rpt_quality_daily
where
    scope = $scope
    and as_of_date between $as_of_date - interval 12 month and $as_of_date
    and (as_of_date = last_day(as_of_date) or as_of_date = $as_of_date)
group by all
order by as_of_date, band
