-- Leads of the end of the period by channel and industry, and how many of them are in the best bands.
select
    source_channel,
    industry,
    cast(sum(leads) as bigint) as leads,
    cast(coalesce(sum(leads) filter (where band in (select unnest($best))), 0) as bigint) as best
from marts.rpt_quality_daily
where scope = $scope and as_of_date = $end_on
group by all
order by leads desc, source_channel, industry
