-- depends_on: {{ ref('rul_tagging__tag_rules') }}
with

leads as (
    select * from {{ ref('int_cleansing__leads') }}
),

text_attributes as (
    {% for attribute, column in text_attributes() %}
    select
        as_of_date, lead_id, '{{ attribute }}' as attribute, {{ match_form(column) }} as value_text,
        cast(null as decimal(18, 2)) as value_number
    from leads
    where {{ column }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {% for name, named_from in custom_attributes_named_from().items() %}
    union all
    select
        as_of_date, lead_id, {{ sql_text('custom:' ~ name) }} as attribute,
        {{ match_form(json_get('custom_attributes', sql_text(name))) }} as value_text,
        try_cast({{ json_get('custom_attributes', sql_text(name)) }} as decimal(18, 2)) as value_number
    from leads
    where custom_attributes is not null and as_of_date >= cast('{{ named_from }}' as date)
    {% endfor %}
),

number_attributes as (
    {% for attribute, column in number_attributes() %}
    select as_of_date, lead_id, '{{ attribute }}' as attribute, cast({{ column }} as decimal(18, 2)) as value_number
    from leads
    where {{ column }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

-- 市场部 as department and as title is said once.
select distinct as_of_date, lead_id, attribute, value_text, value_number
from text_attributes
where value_text <> ''
union all
select as_of_date, lead_id, attribute, cast(value_number as {{ dbt.type_string() }}) as value_text, value_number
from number_attributes
