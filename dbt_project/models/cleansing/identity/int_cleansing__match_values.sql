-- depends_on: {{ ref('rul_cleansing__company_suffixes') }}
{# What records are compared by, in the forms of person_likeness. Records that say the same and are linked by keys already
   are compared once, so that a person with a hundred forms does not fill a block. #}
{%- set attributes = compared_attributes() -%}
{%- set of_a_company = {
    'company_name': 'company_key', 'credit_code': 'credit_code', 'website_domain': 'website_domain', 'city': 'city',
} -%}
{%- set form_columns = {'person_name': 'person_form', 'company_name': 'company_form'} -%}

with

-- The forms of names are dear, and most names are carried by several records, on every day-end.
person_names as (
    select distinct person_name from {{ ref('int_cleansing__current_records') }}
    where person_name is not null
),

person_forms as (
    select person_name, {{ person_likeness('person_name') }} as person_form from person_names
),

company_names as (
    select distinct as_of_date, company_name from {{ ref('int_cleansing__current_records') }}
    where company_name is not null
),

company_forms as (
    select as_of_date, company_name, {{ person_likeness('company_name') }} as company_form from company_names
),

named_records as (
    select records.*, person_forms.person_form, company_forms.company_form
    from {{ ref('int_cleansing__current_records') }} as records
    left join person_forms on records.person_name = person_forms.person_name
    left join company_forms
        on records.as_of_date = company_forms.as_of_date and records.company_name = company_forms.company_name
),

records as (
    select
        as_of_date,
        'person' as subject,
        node_key,
        {{ hash64('node_key') }} as node_id,
        known_on
        {%- for attribute in attributes %},
        {{ form_columns.get(attribute) or person_likeness(attribute) }} as {{ adapter.quote(attribute) }}
        {%- endfor %}
    from named_records
    union all
    select
        as_of_date,
        'account' as subject,
        node_key,
        {{ hash64('node_key') }} as node_id,
        known_on
        {%- for attribute in attributes %},
        {{ of_a_company.get(attribute, 'cast(null as ' ~ dbt.type_string() ~ ')') }}
        {%- endfor %}
    from {{ ref('int_cleansing__company_names') }}
),

tied_records as (
    select records.*, components.component_id
    from records
    left join {{ ref('int_cleansing__key_components') }} as components
        on records.as_of_date = components.as_of_date and records.node_id = components.node_id
),

grouped as (
    select
        as_of_date,
        subject,
        component_id as group_id,
        min(node_key) as node_key,
        min(known_on) as known_on
        {%- for attribute in attributes %},
        {{ adapter.quote(attribute) }}
        {%- endfor %}
    from tied_records
    where component_id is not null
    group by
        as_of_date,
        subject,
        component_id
        {%- for attribute in attributes %},
        {{ adapter.quote(attribute) }}
        {%- endfor %}
    union all
    select
        as_of_date,
        subject,
        node_id as group_id,
        node_key,
        known_on
        {%- for attribute in attributes %},
        {{ adapter.quote(attribute) }}
        {%- endfor %}
    from tied_records
    where component_id is null
)

select
    *,
    {{ hash64("subject" ~ values_as_text(attributes)) }} as values_key
from grouped
