{# Survivorship, the same for every attribute: of the lead's records the newest that knows a value wins; ties go to the
   more trusted feed, then to the record key. Unknown stays unknown. #}
{% set attributes = surviving_attributes() %}
{% set dated_statements = ['product_interest_text', 'budget_wan', 'purchase_timeline_text', 'need_text'] %}

with

members as (
    select as_of_date, lead_id, node_key, feed, record_key, source_system, first_known_at, first_known_on, names_the_lead
    from {{ ref('int_cleansing__lead_members') }}
),

trust as (
    select * from {{ ref('rul_cleansing__source_trust') }}
),

{{ records_by_survival('members', 'trust') }},

golden as (
    select
        as_of_date,
        lead_id,
        {% for attribute in attributes %}
        max_by({{ attribute }}, survival_rank) filter (where {{ attribute }} is not null) as {{ attribute }},
        {% endfor %}
        {% for statement in first_statements() %}
        min_by({{ statement }}, arrival_rank) filter (where {{ statement }} is not null) as {{ statement }},
        {% endfor %}
        {% for statement in dated_statements %}
        max_by(occurred_on, survival_rank) filter (where {{ statement }} is not null) as {{ statement }}_stated_on,
        {% endfor %}
        max_by(source_system, survival_rank) filter (where owner_ref is not null) as owner_system,
        max_by(source_system || ':' || account_ref, survival_rank)
            filter (where account_ref is not null) as account_record_key,
        min(record_key) filter (where feed = 'crm_leads') as first_crm_lead_key,
        count(*) as record_count,
        min(first_occurred_at) as created_at,
        min(first_known_on) as first_known_on,
        bool_or(coalesce(feed = 'crm_leads', false)) as is_in_crm
    from records_by_survival
    group by as_of_date, lead_id
)

select
    golden.*,
    {{ company_key('company_name', 'as_of_date') }} as company_key
from golden
