-- Leads at the end of the period and of the one before, by channel or industry and band.
select
    as_of_date,
    case $part when 'channel' then source_channel else industry end as code,
    band,
    cast(sum(leads) as bigint) as leads,
    cast(sum(score_milli_sum) as bigint) as score_milli_sum,
    cast(sum(mqls) as bigint) as mqls,
    cast(sum(high_maturity) as bigint) as high_maturity
from marts.rpt_quality_daily
where scope = $scope and as_of_date in ($end_on, $before_end_on)
group by all
order by as_of_date, code, band
