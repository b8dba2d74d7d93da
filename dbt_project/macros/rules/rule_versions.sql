{# The versions of the rules of one file: the columns of the seed, typed there (column_types), empty text as null, with
   `valid_to` (half-open, derived: only valid_from is ever written, so gaps and overlaps cannot be) and `rule_key`.
   payload: the columns between status and the labels, in the order of the file. #}
{% macro rule_versions(seed, payload, key='rule_id', described_by=['label_zh', 'label_en', 'owner', 'why', 'reference']) -%}
select
    {{ key }} || '@' || cast(valid_from as {{ dbt.type_string() }}) as rule_key,
    {{ key }},
    valid_from,
    coalesce(
        lead(valid_from) over (partition by {{ key }} order by valid_from), cast('9999-12-31' as date)
    ) as valid_to,
    status,
    {{ (payload + described_by) | join(',\n    ') }}
from {{ seed }}
{%- endmacro %}
