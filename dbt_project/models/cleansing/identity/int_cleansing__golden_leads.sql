{# Survivorship, the same for every attribute: of the lead's records the newest that knows a value wins; ties go to the
   more trusted feed, then to the record key. Unknown stays unknown. #}
{% set attributes = [
    'person_name', 'company_name', 'job_title', 'department', 'email', 'email_domain', 'phone', 'mobile',
    'website_domain', 'country', 'province', 'city', 'industry_text', 'industry_code', 'headcount',
    'annual_revenue_wan', 'company_standing_text', 'product_interest_text', 'budget_wan', 'purchase_timeline_text',
    'decision_process_text', 'need_text', 'owner_ref', 'account_ref', 'crm_status', 'email_opt_out', 'do_not_call',
    'custom_attributes',
] %}
{# Where somebody came from is what the first record said, not the last. #}
{% set first_statements = ['source_channel_text', 'campaign_ref'] %}
{% set dated_statements = ['product_interest_text', 'budget_wan', 'purchase_timeline_text', 'need_text'] %}

with

members as (
    select as_of_date, lead_id, node_key, feed, record_key, source_system, first_known_at, first_known_on, names_the_lead
    from {{ ref('int_cleansing__lead_members') }}
),

trust as (
    select * from {{ ref('rul_cleansing__source_trust') }}
),

records_by_survival as (
    select
        members.lead_id,
        members.names_the_lead,
        records.*,
        row_number() over (
            partition by members.as_of_date, members.lead_id
            order by
                coalesce(records.modified_at, records.occurred_at),
                coalesce(own_trust.trust, any_trust.trust, 0),
                records.record_key desc, records.feed desc
        ) as survival_rank,
        row_number() over (
            partition by members.as_of_date, members.lead_id
            order by records.first_known_at, records.first_occurred_at, records.record_key, records.feed
        ) as arrival_rank
    from members
    inner join {{ ref('int_cleansing__current_records') }} as records
        on members.as_of_date = records.as_of_date and members.node_key = records.node_key
    left join trust as own_trust
        on records.source_system = own_trust.source_system and {{ active_on('own_trust', 'records.as_of_date') }}
    left join trust as any_trust
        on any_trust.source_system = 'any' and {{ active_on('any_trust', 'records.as_of_date') }}
),

golden as (
    select
        as_of_date,
        lead_id,
        {% for attribute in attributes %}
        max_by({{ attribute }}, survival_rank) filter (where {{ attribute }} is not null) as {{ attribute }},
        {% endfor %}
        {% for statement in first_statements %}
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
