-- Records by feed and fate over every delivery that the day-end knows.
select
    feed,
    count(distinct delivery_id) as deliveries,
    cast(sum(records) as bigint) as records,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(unchanged) as bigint) as unchanged,
    cast(sum(duplicate) as bigint) as duplicate,
    cast(sum(merged) as bigint) as merged,
    cast(sum(quarantined) as bigint) as quarantined,
    cast(sum(rejected) as bigint) as rejected,
    cast(sum(abs(difference)) as bigint) as difference
from marts.rpt_ingest_balance
where as_of_date = $as_of_date
group by feed
order by feed
