-- Whose branch a company is, by its own name (R56): what stands before the branch's own word, up to the last legal form, is its head.
-- Only names with a legal form say so: 华为上海分公司 could be anybody's. A branch of a branch belongs to the nearest head.
with

company_names as (
    select as_of_date, company_key, account_name as company_name
    from {{ ref('int_cleansing__current_accounts') }}
    union distinct
    select as_of_date, company_key, company_name
    from {{ ref('int_cleansing__lead_companies') }}
),

plain_names as (
    select
        company_names.as_of_date, company_names.company_key,
        {{ regex_replace("lower(" ~ simplified('company_names.company_name') ~ ")", "'[ )。、,.]+$'", "''") }} as plain_name
    from company_names
),

branch_names as (
    select
        plain_names.as_of_date, plain_names.company_key, rules.head_ending,
        left(plain_names.plain_name, length(plain_names.plain_name) - length(rules.branch_word)) as name_before
    from plain_names
    inner join {{ ref('rul_cleansing__branch_names') }} as rules
        on
            right(plain_names.plain_name, length(rules.branch_word)) = rules.branch_word
            and {{ active_on('rules', 'plain_names.as_of_date') }}
),

heads as (
    select
        as_of_date, company_key,
        left(name_before, length(name_before) - {{ dbt.position('reverse(head_ending)', 'reverse(name_before)') }} + 1) as head_name
    from branch_names
    where {{ dbt.position('head_ending', 'name_before') }} > 0
),

head_keys as (
    select
        as_of_date, company_key, length(head_name) as name_length,
        {{ company_key('head_name', 'as_of_date') }} as head_company_key
    from heads
),

ranked as (
    select
        head_keys.*,
        row_number() over (partition by as_of_date, company_key order by name_length desc, head_company_key asc) as head_rank
    from head_keys
    where head_company_key <> company_key
)

select as_of_date, company_key, head_company_key
from ranked
where head_rank = 1
