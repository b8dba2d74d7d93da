{#- A delivery is on a day-end's balance once a row of it is known there, or its receipt when nothing was stored. `accepted`
    is what lies in the lake and no other fate claims, so a difference means that receipt and lake disagree. -#}
with

receipts as (
    select
        receipts.*,
        coalesce(stored.stored_rows, 0) as stored_rows,
        case receipts.status
            when 'loaded' then coalesce(stored.first_known_on, receipts.known_on) else receipts.known_on
        end as counts_from
    from {{ ref('stg_lake__receipts') }} as receipts
    left join {{ ref('int_cleansing__stored_rows') }} as stored
        on receipts.delivery_id = stored.delivery_id and receipts.feed = stored.feed
    where receipts.status <> 'repeated'
),

-- A delivery that failed and was mended later had failed at the day-ends between: they keep saying so.
receipts_by_weight as (
    select
        day_ends.as_of_date,
        receipts.*,
        row_number() over (
            partition by day_ends.as_of_date, receipts.delivery_id, receipts.feed
            order by
                case receipts.status when 'loaded' then 1 when 'quarantined' then 2 else 3 end,
                receipts.received_at desc, receipts.run_id desc
        ) as receipt_rank
    from receipts
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends on receipts.counts_from <= day_ends.as_of_date
),

deliveries as (
    select
        as_of_date,
        delivery_id,
        connection,
        feed,
        file_name,
        known_at,
        status,
        coalesce(records, 0) as records,
        coalesce(unchanged, 0) as unchanged,
        coalesce(duplicate, 0) as duplicate,
        coalesce(quarantined, 0) as quarantined_whole,
        coalesce(rejected, 0) as unreadable,
        case when status = 'loaded' then stored_rows else 0 end as stored_rows
    from receipts_by_weight
    where receipt_rank = 1
),

held_rows as (
    select
        as_of_date,
        feed,
        delivery_id,
        count(case when verdict = 'quarantine' then 1 end) as quarantined,
        count(case when verdict = 'reject' then 1 end) as rejected
    from {{ ref('int_cleansing__holds') }}
    group by as_of_date, feed, delivery_id
),

fates as (
    select
        deliveries.*,
        coalesce(merged.merged_rows, 0) as merged,
        deliveries.quarantined_whole + coalesce(held.quarantined, 0) as quarantined,
        deliveries.unreadable + coalesce(held.rejected, 0) as rejected,
        deliveries.stored_rows
        - coalesce(merged.merged_rows, 0) - coalesce(held.quarantined, 0) - coalesce(held.rejected, 0) as accepted
    from deliveries
    left join held_rows as held
        on
            deliveries.as_of_date = held.as_of_date
            and deliveries.feed = held.feed
            and deliveries.delivery_id = held.delivery_id
    left join {{ ref('int_cleansing__merged_rows') }} as merged
        on
            deliveries.as_of_date = merged.as_of_date
            and deliveries.feed = merged.feed
            and deliveries.delivery_id = merged.delivery_id
)

select
    as_of_date,
    delivery_id,
    connection,
    feed,
    file_name,
    known_at,
    status,
    records,
    accepted,
    unchanged,
    duplicate,
    merged,
    quarantined,
    rejected,
    records - accepted - unchanged - duplicate - merged - quarantined - rejected as difference
from fates
