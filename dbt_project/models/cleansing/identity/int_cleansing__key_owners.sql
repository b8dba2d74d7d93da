-- Which lead a key (and so a touch that carries it) belongs to at a day-end, and since when that is known.
-- The record itself, then a key of its version in force, then a key tied to the lead's cluster, then a key that only a
-- former version carried, then one merely seen in an event with an owned key (a visitor id with a clicked mail address).
with

members as (
    select as_of_date, node_key, lead_id, component_id, first_known_on, delivery_id, delivery_row
    from {{ ref('int_cleansing__lead_members') }}
),

hub_keys as (
    select as_of_date, key_key from {{ ref('int_cleansing__hub_keys') }}
),

keys_of_records as (
    select
        members.as_of_date,
        node_keys.key_key,
        members.lead_id,
        min(node_keys.known_on) as stitched_on,
        min(case
            when node_keys.delivery_id = members.delivery_id and node_keys.delivery_row = members.delivery_row then 2
            else 4
        end) as strength
    from {{ ref('int_cleansing__node_keys') }} as node_keys
    inner join members
        on node_keys.node_key = members.node_key and node_keys.known_on <= members.as_of_date
    left join hub_keys
        on members.as_of_date = hub_keys.as_of_date and node_keys.key_key = hub_keys.key_key
    where hub_keys.key_key is null
    group by members.as_of_date, node_keys.key_key, members.lead_id
),

leads_of_components as (
    select as_of_date, component_id, min(lead_id) as lead_id, min(first_known_on) as first_known_on
    from members
    group by as_of_date, component_id
),

known_key_links as (
    select day_ends.as_of_date, links.key_key_a as key_key, links.key_key_b as other_key_key, links.known_on
    from {{ ref('int_cleansing__key_links') }} as links
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends on links.known_on <= day_ends.as_of_date
    union all
    select day_ends.as_of_date, links.key_key_b, links.key_key_a, links.known_on
    from {{ ref('int_cleansing__key_links') }} as links
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends on links.known_on <= day_ends.as_of_date
),

keys_of_components as (
    select
        linked.as_of_date,
        linked.key_key,
        leads_of_components.lead_id,
        min(greatest(linked.known_on, leads_of_components.first_known_on)) as stitched_on,
        3 as strength
    from known_key_links as linked
    inner join {{ ref('int_cleansing__components') }} as components
        on linked.as_of_date = components.as_of_date and {{ hash64('linked.key_key') }} = components.node_id
    inner join leads_of_components
        on components.as_of_date = leads_of_components.as_of_date
        and components.component_id = leads_of_components.component_id
    group by linked.as_of_date, linked.key_key, leads_of_components.lead_id
),

keys_beside_owned_keys as (
    select
        linked.as_of_date,
        linked.key_key,
        owned.lead_id,
        min(greatest(linked.known_on, owned.stitched_on)) as stitched_on,
        5 as strength
    from known_key_links as linked
    inner join keys_of_records as owned
        on linked.as_of_date = owned.as_of_date and linked.other_key_key = owned.key_key
    left join hub_keys
        on linked.as_of_date = hub_keys.as_of_date and linked.key_key = hub_keys.key_key
    where hub_keys.key_key is null
    group by linked.as_of_date, linked.key_key, owned.lead_id
),

candidates as (
    select * from keys_of_records
    union all
    select * from keys_of_components
    union all
    select * from keys_beside_owned_keys
),

ranked as (
    select
        candidates.*,
        row_number() over (
            partition by as_of_date, key_key
            order by strength, stitched_on, lead_id
        ) as owner_rank
    from candidates
)

-- A record's own key names a feed, those of the others a kind: none is both, so that records need no ranking.
select as_of_date, node_key as key_key, lead_id, first_known_on as stitched_on
from members
union all
select as_of_date, key_key, lead_id, stitched_on
from ranked
where owner_rank = 1
