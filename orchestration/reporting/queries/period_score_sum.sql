-- The points of all leads at two day-ends.
select
    cast(coalesce(sum(score_milli_sum) filter (where as_of_date = $end_on), 0) as bigint) as points,
    cast(coalesce(sum(score_milli_sum) filter (where as_of_date = $ledger_from_on), 0) as bigint) as points_before,
    count(*) filter (where as_of_date = $ledger_from_on) > 0 as is_known_before
from marts.rpt_quality_daily
where scope = $scope and as_of_date in ($end_on, $ledger_from_on)
