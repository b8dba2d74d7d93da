-- Leads by band and day-end.
select as_of_date, coalesce(band, 'not_scored') as band, cast(sum(leads) as bigint) as leads
from marts.rpt_quality_daily
where scope = $scope and as_of_date between $from_date and $as_of_date
group by all
order by as_of_date, band
