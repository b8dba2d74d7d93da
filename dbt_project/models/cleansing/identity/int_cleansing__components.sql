-- The records, keys and company names that are one at a day-end: tied by keys first, then by likeness.
with

labels as (
    select as_of_date, group_a as group_id, component_id from {{ ref('int_cleansing__match_links') }}
    where is_linked
    union
    select as_of_date, group_b, component_id from {{ ref('int_cleansing__match_links') }}
    where is_linked
)

select
    components.as_of_date,
    components.node_id,
    coalesce(labels.component_id, components.component_id) as component_id
from {{ ref('int_cleansing__key_components') }} as components
left join labels
    on components.as_of_date = labels.as_of_date and components.component_id = labels.group_id
union all
select labels.as_of_date, labels.group_id, labels.component_id
from labels
left join {{ ref('int_cleansing__key_components') }} as components
    on labels.as_of_date = components.as_of_date and labels.group_id = components.node_id
where components.node_id is null
