with

accounts as (
    select accounts.*
    from {{ ref('int_cleansing__accounts') }} as accounts
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on accounts.as_of_date = day_ends.as_of_date and day_ends.is_current
),

tags_of_leads as (
    select
        companies.as_of_date,
        companies.account_id,
        max(case when tags.tag_group = 'industry' then tags.tag end) as industry,
        max(case when tags.tag_group = 'company_size' then tags.tag end) as company_size
    from {{ ref('int_cleansing__lead_companies') }} as companies
    inner join {{ ref('int_tagging__lead_tags') }} as tags
        on companies.as_of_date = tags.as_of_date and companies.lead_id = tags.lead_id
    where tags.tag_group in ('industry', 'company_size')
    group by companies.as_of_date, companies.account_id
)

select
    cast(accounts.account_id as varchar) as account_id,
    cast(accounts.as_of_date as date) as as_of_date,
    cast(accounts.account_name as varchar) as account_name,
    cast(accounts.parent_account_id as varchar) as parent_account_id,
    cast(accounts.parent_rule_key as varchar) as parent_rule_key,
    cast(accounts.credit_code as varchar) as credit_code,
    cast(accounts.website_domain as varchar) as website_domain,
    cast(tags.industry as varchar) as industry,
    cast(tags.company_size as varchar) as company_size,
    cast(accounts.province as varchar) as province,
    cast(accounts.city as varchar) as city,
    cast(accounts.headcount as bigint) as headcount,
    cast(accounts.annual_revenue_wan as decimal(18, 2)) as annual_revenue_wan,
    cast(accounts.is_customer as boolean) as is_customer,
    cast(accounts.is_key_account as boolean) as is_key_account,
    cast(accounts.is_in_registry as boolean) as is_in_registry,
    cast(accounts.owner_ref as varchar) as owner_ref,
    cast(accounts.leads as bigint) as leads,
    cast(accounts.record_count as bigint) as record_count
from accounts
left join tags_of_leads as tags
    on accounts.as_of_date = tags.as_of_date and accounts.account_id = tags.account_id
