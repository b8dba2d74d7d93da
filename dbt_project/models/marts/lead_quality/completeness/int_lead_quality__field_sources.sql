{{ config(schema='lead_quality') }}
{#- A source that states one of the field's columns with the lead's value is where it is from. -#}
{% set fields = intake_fields() %}
{% set everywhere = [('records', 1), ('registry', 2), ('accounts', 3)] %}
{% set sources_of = {
    'company_name': [('records', 1), ('accounts', 3)], 'industry': everywhere, 'company_size': everywhere, 'province': everywhere,
} %}

-- Where the value of each field is from (R05): what a record of the lead states, else the registry, else the account in the
-- CRM. Only who states the lead's own value counts; the newest such statement is its age.
with

leads as (
    select leads.*
    from {{ ref('int_cleansing__leads') }} as leads
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on leads.as_of_date = day_ends.as_of_date and day_ends.is_current
),

records as (
    select
        members.lead_id,
        records.*,
        cast(null as decimal(18, 2)) as assets_wan,
        {{ business_date('coalesce(records.modified_at, records.occurred_at)') }} as stated_on
    from {{ ref('int_cleansing__lead_members') }} as members
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on members.as_of_date = day_ends.as_of_date and day_ends.is_current
    inner join {{ ref('int_cleansing__current_records') }} as records
        on members.as_of_date = records.as_of_date and members.node_key = records.node_key
),

companies as (
    select leads.lead_id, companies.company_key, leads.as_of_date
    from leads
    inner join {{ ref('int_cleansing__lead_companies') }} as companies
        on leads.as_of_date = companies.as_of_date and leads.lead_id = companies.lead_id
),

accounts as (
    select
        as_of_date, company_key, source_system, record_key, account_name as company_name, industry_text, industry_code, headcount,
        annual_revenue_wan, cast(null as decimal(18, 2)) as assets_wan, province, city,
        {{ business_date('coalesce(modified_at, known_at)') }} as stated_on
    from {{ ref('int_cleansing__current_accounts') }}
),

registry as (
    select *, occurred_on as stated_on
    from {{ ref('int_cleansing__current_registry') }}
),

statements as (
    {% for field, columns in fields.items() %}
    {% for source, place in sources_of.get(field, [('records', 1)]) %}
    select
        leads.lead_id, '{{ field }}' as field, {{ place }} as place, {{ source }}.stated_on, {{ source }}.source_system,
        {{ source }}.record_key
    from leads
    {% if source == 'records' %}
    inner join records on leads.lead_id = records.lead_id
    {% else %}
    inner join companies on leads.lead_id = companies.lead_id
    inner join {{ source }} on companies.as_of_date = {{ source }}.as_of_date and companies.company_key = {{ source }}.company_key
    {% endif %}
    where
        {% for column in columns %}
        leads.{{ column }} = {{ source }}.{{ column }}{{ ' or' if not loop.last }}
        {% endfor %}
    {{ "union all" if not (loop.last and field == fields | list | last) }}
    {% endfor %}
    {% endfor %}
),

ranked as (
    select
        statements.*,
        row_number() over (
            partition by lead_id, field
            order by place asc, stated_on desc, source_system asc, record_key asc
        ) as source_rank
    from statements
)

select
    lead_id,
    field,
    case place when 1 then 'record' when 2 then 'registry' else 'account' end as value_from,
    source_system,
    record_key,
    stated_on
from ranked
where source_rank = 1
