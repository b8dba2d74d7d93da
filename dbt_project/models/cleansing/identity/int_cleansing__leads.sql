{# What the lead's records don't know about the company comes from the account and the registry (R05). #}
select
    leads.as_of_date,
    leads.lead_id,
    leads.person_name,
    coalesce(leads.company_name, companies.company_name) as company_name,
    companies.account_id,
    leads.job_title,
    leads.department,
    leads.email,
    leads.email_domain,
    leads.phone,
    leads.mobile,
    leads.country,
    {% for attribute in company_fills() %}
    coalesce(leads.{{ attribute }}, accounts.{{ attribute }}) as {{ attribute }},
    {% endfor %}
    accounts.assets_wan,
    coalesce(leads.company_standing_text, accounts.company_standing) as company_standing_text,
    leads.product_interest_text,
    leads.product_interest_text_stated_on,
    leads.budget_wan,
    leads.budget_wan_stated_on,
    leads.purchase_timeline_text,
    leads.purchase_timeline_text_stated_on,
    leads.need_text,
    leads.need_text_stated_on,
    leads.decision_process_text,
    leads.source_channel_text,
    leads.campaign_ref,
    coalesce(leads.owner_ref, accounts.owner_ref) as owner_ref,
    leads.crm_status,
    leads.email_opt_out,
    leads.do_not_call,
    leads.custom_attributes,
    coalesce(accounts.is_customer, false) as is_customer_account,
    coalesce(accounts.is_key_account, false) as is_key_account,
    leads.first_crm_lead_key,
    leads.record_count,
    leads.created_at,
    {{ business_date('leads.created_at') }} as created_on,
    leads.first_known_on
from {{ ref('int_cleansing__golden_leads') }} as leads
left join {{ ref('int_cleansing__lead_companies') }} as companies
    on leads.as_of_date = companies.as_of_date and leads.lead_id = companies.lead_id
left join {{ ref('int_cleansing__accounts') }} as accounts
    on companies.as_of_date = accounts.as_of_date and companies.account_id = accounts.account_id
