-- depends_on: {{ ref('rul_cleansing__company_suffixes') }}
{# What records are compared by, in the forms of person_likeness. Records that say the same and are linked by keys already
   are compared once, so that a person with a hundred forms does not fill a block. #}
{%- set attributes = compared_attributes() -%}
{%- set of_a_company = {
    'company_name': 'company_key', 'credit_code': 'credit_code', 'website_domain': 'website_domain', 'city': 'city',
} -%}

with

records as (
    select
        as_of_date,
        'person' as subject,
        node_key,
        {{ hash64('node_key') }} as node_id,
        known_on
        {%- for attribute in attributes %},
        {{ person_likeness(attribute) }} as {{ adapter.quote(attribute) }}
        {%- endfor %}
    from {{ ref('int_cleansing__current_records') }}
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

grouped as (
    select
        records.as_of_date,
        records.subject,
        coalesce(components.component_id, records.node_id) as group_id,
        min(records.node_key) as node_key,
        min(records.known_on) as known_on
        {%- for attribute in attributes %},
        records.{{ adapter.quote(attribute) }}
        {%- endfor %}
    from records
    left join {{ ref('int_cleansing__key_components') }} as components
        on records.as_of_date = components.as_of_date and records.node_id = components.node_id
    group by
        records.as_of_date,
        records.subject,
        coalesce(components.component_id, records.node_id)
        {%- for attribute in attributes %},
        records.{{ adapter.quote(attribute) }}
        {%- endfor %}
)

select
    *,
    {{ hash64("subject" ~ values_as_text(attributes)) }} as values_key
from grouped
