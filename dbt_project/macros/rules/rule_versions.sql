{# The versions of the rules of one file: the columns of the seed, typed there (column_types), empty text as null, with
   `valid_to` (half-open, derived: only valid_from is ever written, so gaps and overlaps cannot be) and `rule_key`.
   payload: the columns between status and the labels, in the order of the file.
   With var rules_as_of there is one version per rule, the one in force on that date, and it holds on all days: what
   would have been under those rules. This is the only door to the rules, so every layer sees the same. #}
{% macro rule_versions(seed, payload, key='rule_id', described_by=['label_zh', 'label_en', 'owner', 'why', 'reference']) -%}
{%- set rules_as_of = var('rules_as_of', '') -%}
select
    {{ key }} || '@' || cast(valid_from as {{ dbt.type_string() }}) as rule_key,
    {{ key }},
    {% if rules_as_of -%}
    cast('2000-01-01' as date) as valid_from,
    cast('9999-12-31' as date) as valid_to,
    {%- else -%}
    valid_from,
    coalesce(
        lead(valid_from) over (partition by {{ key }} order by valid_from), cast('9999-12-31' as date)
    ) as valid_to,
    {%- endif %}
    status,
    {{ (payload + described_by) | join(',\n    ') }}
from {% if rules_as_of -%}
(
    select *, row_number() over (partition by {{ key }} order by valid_from desc) as version_rank
    from {{ seed }}
    where valid_from <= cast('{{ rules_as_of }}' as date)
) as versions
where version_rank = 1
{%- else -%}
{{ seed }}
{%- endif %}
{%- endmacro %}
