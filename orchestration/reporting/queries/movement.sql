-- How many leads moved in seven days, and by how much in all.
select
    count(*) filter (where score_change_7d_milli > 0) as risen,
    count(*) filter (where score_change_7d_milli < 0) as fallen,
    count(*) filter (where score_change_7d_milli = 0) as unchanged,
    count(*) filter (where score_change_7d_milli is null) as without_comparison,
    cast(coalesce(sum(score_change_7d_milli), 0) as bigint) as change_milli_sum
from marts.fct_lead_scores
where scope = $scope
