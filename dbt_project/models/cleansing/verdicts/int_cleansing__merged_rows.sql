-- Person records that belong to a lead which an older record named. A record that is held back is not merged.
with

records as (
    select feed, node_key, delivery_id, delivery_row, known_on
    from {{ ref('int_cleansing__person_records') }}
    where delivery_row is not null
),

followers as (
    select as_of_date, node_key
    from {{ ref('int_cleansing__lead_members') }}
    where not names_the_lead
),

holds as (
    select as_of_date, feed, delivery_id, delivery_row
    from {{ ref('int_cleansing__holds') }}
)

select
    followers.as_of_date,
    records.feed,
    records.delivery_id,
    count(*) as merged_rows
from records
inner join followers
    on records.node_key = followers.node_key and records.known_on <= followers.as_of_date
left join holds
    on
        followers.as_of_date = holds.as_of_date
        and records.feed = holds.feed
        and records.delivery_id = holds.delivery_id
        and records.delivery_row = holds.delivery_row
where holds.delivery_id is null
group by followers.as_of_date, records.feed, records.delivery_id
