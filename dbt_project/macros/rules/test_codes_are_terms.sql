{# Every code in a rule file is a term of the vocabulary that the YAML of the file names for its column (config.meta):
   the same that `leadhouse check` says with file and line, here so that a plain dbt build stops as well. #}
{% test codes_are_terms(model, terms) %}
{%- set files_by_column = {} -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'seed' and node.name.startswith('rule_') -%}
        {%- for column in node.columns.values() -%}
            {%- set meta = column.config.meta -%}
            {%- if meta.type == 'code' and (meta.vocabulary or meta.vocabulary_from) -%}
                {%- set kind = (column.name, meta.vocabulary or '', meta.vocabulary_from or '', meta.pattern or '') -%}
                {%- do files_by_column.setdefault(kind, []).append("'" ~ node.name ~ "'") -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endif -%}
with rules as (
    select * from {{ model }}
),

codes as (
    {% for (column, vocabulary, vocabulary_from, pattern), files in files_by_column.items() %}
    {%- set value = column if column in ('status', 'owner') else json_get('payload', "'" ~ column ~ "'") %}
    select
        rule_file,
        rule_key,
        '{{ column }}' as column_name,
        {{ value }} as code,
        {{ json_get('payload', "'" ~ vocabulary_from ~ "'") if vocabulary_from else "'" ~ vocabulary ~ "'" }} as vocabulary
    from rules
    where rule_file in ({{ files | join(', ') }})
    {%- if pattern %} and not {{ regex_matches(value, "'^(" ~ pattern ~ ")$'") }}{% endif %}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        rule_file,
        rule_key,
        '' as column_name,
        cast(null as {{ dbt.type_string() }}) as code,
        '' as vocabulary
    from rules
    {%- endfor %}
)

select codes.*
from codes
left join {{ terms }} as terms
    on codes.vocabulary = terms.vocabulary and codes.code = terms.code
where codes.code is not null and terms.code is null
{% endtest %}
