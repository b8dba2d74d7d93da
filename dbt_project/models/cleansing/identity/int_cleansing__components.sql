-- depends_on: {{ ref('int_cleansing__identity_edges') }}
{% set labels = connected_components(ref('int_cleansing__identity_edges'), 'identity') %}

select
    cast(as_of_date as date) as as_of_date,
    cast(node_id as bigint) as node_id,
    cast(component_id as bigint) as component_id
from {{ labels }}
