-- The headline figures of every day-end in the series, of one scope: B2C leads are scored apart.
select
    as_of_date,
    cast(sum(leads) as bigint) as leads,
    cast(sum(new_leads) as bigint) as new_leads,
    cast(sum(mqls) as bigint) as mqls,
    cast(sum(high_maturity) as bigint) as high_maturity,
    cast(sum(score_milli_sum) as bigint) as score_milli_sum
from marts.rpt_quality_daily
where scope = $scope and as_of_date between $from_date and $as_of_date
group by as_of_date
order by as_of_date
