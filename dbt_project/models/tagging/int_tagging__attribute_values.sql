-- depends_on: {{ ref('rul_tagging__tag_rules') }}
{# Matching runs on distinct values, once, whatever the number of leads, touches and day-ends (DESIGN 2). #}
with

person_values as (
    {% for attribute, column in text_attributes() %}
    select distinct '{{ attribute }}' as attribute, {{ match_form(column) }} as value_text
    from {{ ref('int_cleansing__person_records') }}
    union
    {% endfor %}
    {% for name in custom_attributes_named_from() %}
    select distinct
        {{ sql_text('custom:' ~ name) }} as attribute,
        {{ match_form(json_get('custom_attributes', sql_text(name))) }} as value_text
    from {{ ref('int_cleansing__person_records') }}
    where custom_attributes is not null
    union
    {% endfor %}
    select cast(null as {{ dbt.type_string() }}), cast(null as {{ dbt.type_string() }})
),

company_records as (
    select account_name as company_name, company_standing, industry_text, industry_code, province, city, {{ web_domain('website') }} as website_domain
    from {{ ref('stg_crm__accounts') }}
    union all
    select company_name, company_standing, industry_text, industry_code, province, city, {{ web_domain('website') }}
    from {{ ref('stg_registry__companies') }}
),

company_values as (
    {% for attribute, column in [
        ('company_name', 'company_name'), ('company_name_or_note', 'company_name'),
        ('company_name_or_note', 'company_standing'), ('company_standing_text', 'company_standing'),
        ('industry_text', 'industry_text'), ('industry_code', 'industry_code'),
        ('province', 'province'), ('city', 'city'),
    ] %}
    select distinct '{{ attribute }}' as attribute, {{ match_form(column) }} as value_text
    from company_records
    {{ 'union' if not loop.last }}
    {% endfor %}
),

touch_values as (
    select distinct qualifier_source_kind as attribute, {{ match_form('qualifier_source_value') }} as value_text
    from {{ ref('int_cleansing__touchpoints') }}
    where qualifier_source_value is not null
),

spoken_values as (
    select distinct 'stated_words' as attribute, {{ match_form('quote') }} as value_text
    from {{ ref('int_tagging__call_turns') }}
),

all_values as (
    select * from person_values
    union
    select * from company_values
    union
    select * from touch_values
    union
    select * from spoken_values
)

select
    cast(attribute as {{ dbt.type_string() }}) as attribute,
    cast(value_text as {{ dbt.type_string() }}) as value_text
from all_values
where value_text is not null and value_text <> ''
