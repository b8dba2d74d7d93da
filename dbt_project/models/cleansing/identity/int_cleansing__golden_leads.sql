{# Survivorship, the same for every attribute: of the lead's records the newest that knows a value wins; ties go to the
   more trusted feed, then to the record key. Unknown stays unknown. #}
{% set attributes = surviving_attributes() %}
{% set dated_statements = ['product_interest_text', 'budget_wan', 'purchase_timeline_text', 'need_text'] %}

with

lead_sizes as (
    select as_of_date, lead_id, count(*) as record_count
    from {{ ref('int_cleansing__lead_members') }}
    group by as_of_date, lead_id
),

members as (
    select members.as_of_date, members.lead_id, members.node_key, members.names_the_lead, lead_sizes.record_count
    from {{ ref('int_cleansing__lead_members') }} as members
    inner join lead_sizes on members.as_of_date = lead_sizes.as_of_date and members.lead_id = lead_sizes.lead_id
),

members_among_others as (
    select * from members
    where record_count > 1
),

trust as (
    select * from {{ ref('rul_cleansing__source_trust') }}
),

{{ records_by_survival('members_among_others', 'trust') }},

merged as (
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
),

-- Most leads have one record: what it says is what is known.
single as (
    select
        records.as_of_date,
        members.lead_id,
        {% for attribute in attributes + first_statements() %}
        records.{{ attribute }},
        {% endfor %}
        {% for statement in dated_statements %}
        case when records.{{ statement }} is not null then records.occurred_on end as {{ statement }}_stated_on,
        {% endfor %}
        case when records.owner_ref is not null then records.source_system end as owner_system,
        records.source_system || ':' || records.account_ref as account_record_key,
        case when records.feed = 'crm_leads' then records.record_key end as first_crm_lead_key,
        members.record_count,
        records.first_occurred_at as created_at,
        records.first_known_on,
        coalesce(records.feed = 'crm_leads', false) as is_in_crm
    from members
    inner join {{ ref('int_cleansing__current_records') }} as records
        on members.as_of_date = records.as_of_date and members.node_key = records.node_key
    where members.record_count = 1
),

golden as (
    select * from merged
    union all
    select * from single
),

company_names as (
    select distinct as_of_date, company_name from golden
    where company_name is not null
),

company_keys as (
    select as_of_date, company_name, {{ company_key('company_name', 'as_of_date') }} as company_key
    from company_names
)

select
    golden.*,
    company_keys.company_key
from golden
left join company_keys
    on golden.as_of_date = company_keys.as_of_date and golden.company_name = company_keys.company_name
