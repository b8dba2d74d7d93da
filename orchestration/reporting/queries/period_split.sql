-- The same figures before and after a chosen date, over two stretches of equal length.
with sides as (
    select 'before' as side, $split_on - cast($split_days as integer) as from_on, $split_on - 1 as to_on
    union all
    select 'after', $split_on, $split_on + cast($split_days as integer) - 1
)

select
    sides.side, sides.from_on, sides.to_on,
    count(*) filter (where f.captured_on between from_on and to_on) as leads,
    count(*) filter (where f.captured_on between from_on and to_on and f.is_valid) as valid,
    count(*) filter (where f.handed_over_on between from_on and to_on) as handed_over,
    count(*) filter (where f.handed_over_on between from_on and to_on and f.worked_on <= to_on) as worked,
    count(*) filter (where f.accepted_on between from_on and to_on) as accepted,
    count(*) filter (where f.returned_on between from_on and to_on) as returned,
    count(*) filter (where f.won_on between from_on and to_on) as won,
    cast(quantile_disc(f.days_to_accept, 0.5) filter (where f.accepted_on between from_on and to_on and f.days_to_accept >= 0) as bigint)
        as median_days_to_accept,
    cast(quantile_disc(f.days_to_win, 0.5) filter (where f.won_on between from_on and to_on and f.days_to_win >= 0) as bigint)
        as median_days_to_win
from sides
cross join marts.fct_lead_lifecycle as f
where f.scope = $scope
group by all
order by sides.from_on
