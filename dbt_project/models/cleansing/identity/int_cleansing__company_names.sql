-- What the CRM and the registry know of a company at a day-end, under each of its normalised names: the facts by which two
-- names turn out to be one company. A fact that records of one name state differently is unknown.
with

statements as (
    select
        as_of_date,
        company_key,
        upper(credit_code) as credit_code,
        {{ web_domain('website') }} as website_domain,
        city,
        first_known_at
    from {{ ref('int_cleansing__current_accounts') }}
    union all
    select as_of_date, company_key, upper(credit_code), website_domain, city, first_known_at
    from {{ ref('int_cleansing__current_registry') }}
)

select
    as_of_date,
    company_key,
    'company|' || company_key as node_key,
    min(first_known_at) as first_known_at,
    {{ knowledge_date('min(first_known_at)') }} as known_on,
    case when min(credit_code) = max(credit_code) then min(credit_code) end as credit_code,
    case when min(website_domain) = max(website_domain) then min(website_domain) end as website_domain,
    case when min(city) = max(city) then min(city) end as city
from statements
group by as_of_date, company_key
