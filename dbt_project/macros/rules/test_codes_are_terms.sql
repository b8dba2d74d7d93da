{# Every code in a rule file is a term of the vocabulary that the YAML of the file names for its column (config.meta):
   the same that `leadhouse check` says with file and line, here so that a plain dbt build stops as well. #}
{% test codes_are_terms(model, terms) %}
{%- set wanted = [] -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'seed' and node.name.startswith('rule_') -%}
        {%- for column in node.columns.values() -%}
            {%- set meta = column.config.meta if column.config is defined and column.config.meta else column.meta -%}
            {%- if meta.type == 'code' and (meta.vocabulary or meta.vocabulary_from) -%}
                {%- do wanted.append((node.name, column.name, meta)) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endif -%}
with rules as (
    select * from {{ model }}
),

codes as (
    {% for file, column, meta in wanted %}
    {%- set value = column if column in ('status', 'owner') else json_get('payload', "'" ~ column ~ "'") %}
    select
        rule_file,
        rule_key,
        '{{ column }}' as column_name,
        {{ value }} as code,
        {{ "'" ~ meta.vocabulary ~ "'" if meta.vocabulary else json_get('payload', "'" ~ meta.vocabulary_from ~ "'") }} as vocabulary
    from rules
    where rule_file = '{{ file }}'
    {%- if meta.pattern %} and not {{ regex_matches(value, "'^(" ~ meta.pattern ~ ")$'") }}{% endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {%- if not wanted %}
    select rule_file, rule_key, '' as column_name, cast(null as {{ dbt.type_string() }}) as code, '' as vocabulary from rules
    {%- endif %}
)

select codes.*
from codes
left join {{ terms }} as terms
    on codes.vocabulary = terms.vocabulary and codes.code = terms.code
where codes.code is not null and terms.code is null
{% endtest %}
