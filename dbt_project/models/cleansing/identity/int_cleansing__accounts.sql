{# A company's facts: the CRM's newest word wins, the registry fills what the CRM doesn't know; its parent may stand in its name. #}
{% set crm_attributes = [
    'account_name', 'credit_code', 'website_domain', 'industry_text', 'industry_code', 'headcount', 'annual_revenue_wan',
    'company_standing', 'province', 'city', 'owner_ref', 'parent_account_ref', 'parent_record_key',
] %}
{% set registry_fills = [
    'credit_code', 'website_domain', 'industry_text', 'industry_code', 'headcount', 'annual_revenue_wan',
    'company_standing', 'province', 'city',
] %}

with

members as (
    select as_of_date, company_key, account_key from {{ ref('int_cleansing__account_members') }}
),

crm_records_by_survival as (
    select
        accounts.*,
        coalesce(members.account_key, accounts.company_key) as account_key,
        accounts.ref_system || ':' || accounts.parent_account_ref as parent_record_key,
        {{ web_domain('accounts.website') }} as website_domain,
        row_number() over (
            partition by accounts.as_of_date, coalesce(members.account_key, accounts.company_key)
            order by coalesce(accounts.modified_at, accounts.known_at), accounts.record_key desc
        ) as survival_rank
    from {{ ref('int_cleansing__current_accounts') }} as accounts
    left join members
        on accounts.as_of_date = members.as_of_date and accounts.company_key = members.company_key
),

-- Of several names in the registry the newest look-up speaks for the company.
registry_entries as (
    select
        registry.*,
        coalesce(members.account_key, registry.company_key) as account_key,
        row_number() over (
            partition by registry.as_of_date, coalesce(members.account_key, registry.company_key)
            order by registry.known_at desc, registry.company_key asc
        ) as entry_rank
    from {{ ref('int_cleansing__current_registry') }} as registry
    left join members
        on registry.as_of_date = members.as_of_date and registry.company_key = members.company_key
),

crm_accounts as (
    select
        as_of_date,
        account_key as company_key,
        {% for attribute in crm_attributes %}
        max_by({{ attribute }}, survival_rank) filter (where {{ attribute }} is not null) as {{ attribute }},
        {% endfor %}
        coalesce(bool_or(is_customer), false) as is_customer,
        coalesce(bool_or(is_key_account), false) as is_key_account,
        count(*) as record_count
    from crm_records_by_survival
    group by as_of_date, account_key
),

companies_of_leads as (
    select as_of_date, company_key, min(company_name) as company_name, count(*) as leads
    from {{ ref('int_cleansing__lead_companies') }}
    group by as_of_date, company_key
),

companies_with_parents as (
    select
        coalesce(crm.as_of_date, companies.as_of_date) as as_of_date,
        {{ account_id_of('coalesce(crm.company_key, companies.company_key)') }} as account_id,
        coalesce(crm.company_key, companies.company_key) as company_key,
        coalesce(crm.account_name, registry.company_name, companies.company_name) as account_name,
        {% for attribute in registry_fills %}
        coalesce(crm.{{ attribute }}, registry.{{ attribute }}) as {{ attribute }},
        {% endfor %}
        registry.assets_wan,
        crm.owner_ref,
        crm.parent_account_ref,
        coalesce(
            nullif(parents.company_key, crm.company_key), registry.parent_company_key, branches.head_company_key
        ) as parent_company_key,
        case
            when nullif(parents.company_key, crm.company_key) is null and registry.parent_company_key is null then branches.rule_key
        end as parent_rule_key,
        coalesce(crm.is_customer, false) as is_customer,
        coalesce(crm.is_key_account, false) as is_key_account,
        coalesce(companies.leads, 0) as leads,
        coalesce(crm.record_count, 0) as record_count,
        registry.company_key is not null as is_in_registry
    from crm_accounts as crm
    full outer join companies_of_leads as companies
        on crm.as_of_date = companies.as_of_date and crm.company_key = companies.company_key
    left join registry_entries as registry
        on
            coalesce(crm.as_of_date, companies.as_of_date) = registry.as_of_date
            and coalesce(crm.company_key, companies.company_key) = registry.account_key
            and registry.entry_rank = 1
    left join {{ ref('int_cleansing__current_accounts') }} as parents
        on crm.as_of_date = parents.as_of_date and crm.parent_record_key = parents.record_key
    left join {{ ref('int_cleansing__branch_heads') }} as branches
        on
            coalesce(crm.as_of_date, companies.as_of_date) = branches.as_of_date
            and coalesce(crm.company_key, companies.company_key) = branches.company_key
)

-- A parent that is the company itself under another name is none.
select
    companies_with_parents.*,
    case
        when coalesce(members.account_key, parent_company_key) <> companies_with_parents.company_key
            then {{ account_id_of('coalesce(members.account_key, parent_company_key)') }}
    end as parent_account_id
from companies_with_parents
left join members
    on companies_with_parents.as_of_date = members.as_of_date and companies_with_parents.parent_company_key = members.company_key
