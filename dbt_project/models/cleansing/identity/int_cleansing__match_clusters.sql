{# Chains of likeness: groups of records (linked by keys) that pairs of records alike tie together, before anybody asked
   whether the ends of the chain can be one. -#}
{% set pairs = ref('int_cleansing__match_pairs') %}
{% set chained = "(select distinct as_of_date, group_a as node_a, group_b as node_b from " ~ pairs ~ ") as chained" %}
{% set labels = connected_components(chained, 'likeness') %}

select
    cast(as_of_date as date) as as_of_date,
    cast(node_id as bigint) as group_id,
    cast(component_id as bigint) as cluster_id
from {{ labels }}
