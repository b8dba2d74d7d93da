-- depends_on: {{ ref('int_cleansing__identity_edges') }}
-- depends_on: {{ ref('int_cleansing__linked_by_exception') }}
{% set forbidden = "(select * from " ~ ref('int_cleansing__linked_by_exception') ~ " where decision = 'forbid') as forbidden" %}
{% set edges = edges_without_forbidden(ref('int_cleansing__identity_edges'), forbidden, 'identity') %}
{% set labels = connected_components(edges, 'identity') %}

select
    cast(as_of_date as date) as as_of_date,
    cast(node_id as bigint) as node_id,
    cast(component_id as bigint) as component_id
from {{ labels }}
