-- Why the mean score moved between two day-ends: how much because leads of other channels came (mix), how much within the
-- channels. A channel that is new or gone is all mix. Whole thousandths of a point; both parts add up to the change.
with sides as (
    select
        source_channel,
        coalesce(sum(leads) filter (where as_of_date = $before_end_on), 0) as leads_0,
        coalesce(sum(leads) filter (where as_of_date = $end_on), 0) as leads_1,
        coalesce(sum(score_milli_sum) filter (where as_of_date = $before_end_on), 0) as sum_0,
        coalesce(sum(score_milli_sum) filter (where as_of_date = $end_on), 0) as sum_1
    from marts.rpt_quality_daily
    where scope = $scope and as_of_date in ($end_on, $before_end_on)
    group by source_channel
),

totals as (
    select sum(leads_0) as all_0, sum(leads_1) as all_1, sum(sum_0) as points_0, sum(sum_1) as points_1 from sides
),

parts as (
    select
        sides.*, all_0, all_1, points_0, points_1,
        -- Exact to the millionth of a thousandth before the sum is rounded.
        case
            when leads_0 = 0 then (sum_1::hugeint * 1000000) // all_1
            when leads_1 = 0 then -((sum_0::hugeint * 1000000) // all_0)
            else ((leads_1::hugeint * all_0 - leads_0::hugeint * all_1) * sum_0 * 1000000) // (all_0::hugeint * all_1 * leads_0)
        end as mix_millionths,
        case
            when leads_0 > 0 and leads_1 > 0
                then ((sum_1::hugeint * leads_0 - sum_0::hugeint * leads_1) * 1000000) // (leads_0::hugeint * all_1)
            else 0
        end as within_millionths
    from sides
    cross join totals
    where all_0 > 0 and all_1 > 0
)

select
    source_channel,
    cast(leads_0 as bigint) as leads_before, cast(leads_1 as bigint) as leads,
    cast((2 * points_0 + all_0) // (2 * all_0) as bigint) as mean_before_milli,
    cast((2 * points_1 + all_1) // (2 * all_1) as bigint) as mean_milli,
    cast(round(sum(mix_millionths) over () / 1000000.0::decimal(18, 1)) as bigint) as mix_milli,
    cast(round(within_millionths / 1000000.0::decimal(18, 1)) as bigint) as within_milli
from parts
order by abs(within_millionths) desc, source_channel
