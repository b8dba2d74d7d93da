{#- A delivery is on a day-end's balance once a row of it is known there, or its receipt when nothing was stored. `accepted`
    is what lies in the lake and no other fate claims, so a difference means that receipt and lake disagree. -#}
with

receipts_by_weight as (
    select
        *,
        row_number() over (
            partition by delivery_id, feed
            order by
                case status when 'loaded' then 1 when 'quarantined' then 2 else 3 end,
                received_at desc, run_id desc
        ) as receipt_rank
    from {{ ref('stg_lake__receipts') }}
    where status <> 'repeated'
),

deliveries as (
    select
        receipts.delivery_id,
        receipts.connection,
        receipts.feed,
        receipts.file_name,
        receipts.known_at,
        receipts.status,
        coalesce(receipts.records, 0) as records,
        coalesce(receipts.unchanged, 0) as unchanged,
        coalesce(receipts.duplicate, 0) as duplicate,
        coalesce(receipts.quarantined, 0) as quarantined_whole,
        coalesce(receipts.rejected, 0) as unreadable,
        coalesce(stored.stored_rows, 0) as stored_rows,
        coalesce(stored.first_known_on, receipts.known_on) as first_known_on
    from receipts_by_weight as receipts
    left join {{ ref('int_cleansing__stored_rows') }} as stored
        on receipts.delivery_id = stored.delivery_id and receipts.feed = stored.feed
    where receipts.receipt_rank = 1
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
        day_ends.as_of_date,
        deliveries.*,
        coalesce(merged.merged_rows, 0) as merged,
        deliveries.quarantined_whole + coalesce(held.quarantined, 0) as quarantined,
        deliveries.unreadable + coalesce(held.rejected, 0) as rejected,
        deliveries.stored_rows
        - coalesce(merged.merged_rows, 0) - coalesce(held.quarantined, 0) - coalesce(held.rejected, 0) as accepted
    from deliveries
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends on deliveries.first_known_on <= day_ends.as_of_date
    left join held_rows as held
        on
            day_ends.as_of_date = held.as_of_date
            and deliveries.feed = held.feed
            and deliveries.delivery_id = held.delivery_id
    left join {{ ref('int_cleansing__merged_rows') }} as merged
        on
            day_ends.as_of_date = merged.as_of_date
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
