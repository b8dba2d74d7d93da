-- Leads of the day-end by source channel and band.
select
    source_channel as code,
    coalesce(band, 'not_scored') as band,
    cast(sum(leads) as bigint) as leads,
    cast(sum(score_milli_sum) as bigint) as score_milli_sum,
    cast(sum(mqls) as bigint) as mqls,
    cast(sum(high_maturity) as bigint) as high_maturity
from marts.rpt_quality_daily
where scope = $scope and as_of_date = $as_of_date
group by all
order by code nulls first, band
