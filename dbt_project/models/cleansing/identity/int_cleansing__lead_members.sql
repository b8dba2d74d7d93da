-- Every record of a component belongs to one lead; the lead is named after the record that was known first.
with

records as (
    select
        as_of_date, node_key, feed, record_key, source_system, delivery_id, delivery_row, first_known_at, first_known_on,
        {{ hash64('node_key') }} as node_id
    from {{ ref('int_cleansing__current_records') }}
),

clustered as (
    select
        records.*,
        coalesce(components.component_id, records.node_id) as component_id
    from records
    left join {{ ref('int_cleansing__components') }} as components
        on records.as_of_date = components.as_of_date and records.node_id = components.node_id
),

ordered as (
    select
        clustered.*,
        first_value(node_key) over (
            partition by as_of_date, component_id
            order by first_known_at, record_key, feed
        ) as naming_node_key
    from clustered
)

select
    as_of_date,
    node_key,
    node_id,
    feed,
    record_key,
    source_system,
    delivery_id,
    delivery_row,
    first_known_at,
    first_known_on,
    component_id,
    {{ lead_id_of('naming_node_key') }} as lead_id,
    node_key = naming_node_key as names_the_lead
from ordered
