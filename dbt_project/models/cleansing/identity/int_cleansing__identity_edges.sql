-- Edges of the identity graph at a day-end: record to key, key to key where one event carried both, and record to record
-- where an exception says so.
with

hub_keys as (
    select as_of_date, key_key from {{ ref('int_cleansing__hub_keys') }}
),

record_to_key as (
    select distinct links.as_of_date, links.node_id as node_a, links.key_id as node_b
    from {{ ref('int_cleansing__record_key_links') }} as links
    left join hub_keys on links.as_of_date = hub_keys.as_of_date and links.key_key = hub_keys.key_key
    where hub_keys.key_key is null
),

merging_kinds as (
    select * from {{ ref('rul_cleansing__identity_keys') }}
    where merges = 1
),

key_links as (
    select
        day_ends.as_of_date,
        key_links.key_key_a,
        key_links.key_key_b
    from {{ ref('int_cleansing__key_links') }} as key_links
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends on key_links.known_on <= day_ends.as_of_date
    inner join merging_kinds as kind_a
        on key_links.key_kind_a = kind_a.key_kind and {{ active_on('kind_a', 'day_ends.as_of_date') }}
    inner join merging_kinds as kind_b
        on key_links.key_kind_b = kind_b.key_kind and {{ active_on('kind_b', 'day_ends.as_of_date') }}
),

key_to_key as (
    select distinct
        key_links.as_of_date,
        {{ hash64('key_links.key_key_a') }} as node_a,
        {{ hash64('key_links.key_key_b') }} as node_b
    from key_links
    left join hub_keys as hub_a
        on key_links.as_of_date = hub_a.as_of_date and key_links.key_key_a = hub_a.key_key
    left join hub_keys as hub_b
        on key_links.as_of_date = hub_b.as_of_date and key_links.key_key_b = hub_b.key_key
    where hub_a.key_key is null and hub_b.key_key is null
)

select as_of_date, node_a, node_b from record_to_key
union all
select as_of_date, node_a, node_b from key_to_key
union all
select as_of_date, node_a, node_b from {{ ref('int_cleansing__linked_by_exception') }}
where decision = 'force'
