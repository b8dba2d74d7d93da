-- The company that a lead belongs to at a day-end: the account the CRM names, else the company the lead named; under the
-- one key that all names of the company share.
with

leads as (
    select as_of_date, lead_id, company_name, company_key, account_record_key
    from {{ ref('int_cleansing__golden_leads') }}
),

companies as (
    select
        leads.as_of_date,
        leads.lead_id,
        coalesce(accounts.company_key, leads.company_key) as company_key,
        coalesce(accounts.account_name, leads.company_name) as company_name
    from leads
    left join {{ ref('int_cleansing__current_accounts') }} as accounts
        on leads.as_of_date = accounts.as_of_date and leads.account_record_key = accounts.record_key
    where coalesce(accounts.company_key, leads.company_key) is not null
)

select
    companies.as_of_date,
    companies.lead_id,
    coalesce(members.account_key, companies.company_key) as company_key,
    companies.company_name,
    {{ account_id_of('coalesce(members.account_key, companies.company_key)') }} as account_id
from companies
left join {{ ref('int_cleansing__account_members') }} as members
    on companies.as_of_date = members.as_of_date and companies.company_key = members.company_key
