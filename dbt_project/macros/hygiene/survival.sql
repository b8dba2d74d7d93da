{# Ends in the CTE records_by_survival: the records of each lead in the order in which their values survive (the largest survival_rank
   that knows a value wins) and in which they arrived. int_cleansing__golden_leads takes the values, fct_golden_values tells
   where each came from.
   members: as_of_date, lead_id, node_key, names_the_lead; trust: versions of the source trust. #}
{% macro records_by_survival(members, trust) -%}
trust_on_days as (
    select days.as_of_date, versions.source_system, versions.trust
    from (select distinct as_of_date from {{ members }}) as days
    inner join {{ trust }} as versions on {{ active_on('versions', 'days.as_of_date') }}
),

-- Ranks are taken of narrow rows, which the wide ones join afterwards: sorting those cost four times as much.
ranked_members as (
    select
        members.as_of_date,
        members.lead_id,
        members.node_key,
        members.names_the_lead,
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
    from {{ members }} as members
    inner join {{ ref('int_cleansing__current_records') }} as records
        on members.as_of_date = records.as_of_date and members.node_key = records.node_key
    left join trust_on_days as own_trust
        on records.as_of_date = own_trust.as_of_date and records.source_system = own_trust.source_system
    left join trust_on_days as any_trust
        on records.as_of_date = any_trust.as_of_date and any_trust.source_system = 'any'
),

records_by_survival as (
    select
        ranked.lead_id,
        ranked.names_the_lead,
        records.*,
        ranked.survival_rank,
        ranked.arrival_rank
    from ranked_members as ranked
    inner join {{ ref('int_cleansing__current_records') }} as records
        on ranked.as_of_date = records.as_of_date and ranked.node_key = records.node_key
)
{%- endmacro %}

{# Attributes of which the newest statement survives, and those of which the first one does: where somebody came from is
   what the first record said, not the last. #}
{% macro surviving_attributes() %}
    {{ return([
        'person_name', 'company_name', 'job_title', 'department', 'email', 'email_domain', 'phone', 'mobile',
        'website_domain', 'country', 'province', 'city', 'industry_text', 'industry_code', 'headcount',
        'annual_revenue_wan', 'company_standing_text', 'product_interest_text', 'budget_wan', 'purchase_timeline_text',
        'decision_process_text', 'need_text', 'owner_ref', 'account_ref', 'crm_status', 'email_opt_out', 'do_not_call',
        'custom_attributes',
    ]) }}
{% endmacro %}

{# Those of both in which people write what they like. #}
{% macro free_texts() %}
    {{ return([
        'person_name', 'company_name', 'job_title', 'department', 'industry_text', 'company_standing_text', 'product_interest_text',
        'purchase_timeline_text', 'decision_process_text', 'need_text', 'custom_attributes', 'source_channel_text',
    ]) }}
{% endmacro %}

{% macro first_statements() %}{{ return(['source_channel_text', 'campaign_ref']) }}{% endmacro %}

{# What a lead's records don't know about the company and the account and the registry do (R05). #}
{% macro company_fills() %}
    {{ return([
        'website_domain', 'industry_text', 'industry_code', 'headcount', 'annual_revenue_wan', 'province', 'city',
    ]) }}
{% endmacro %}
