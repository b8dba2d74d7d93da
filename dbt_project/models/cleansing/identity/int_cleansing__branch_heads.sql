-- Whose branch a company is, by one of its names (R56): what stands before the branch's own word, up to the last legal form, is its
-- head. Only names with a legal form say so: 华为上海分公司 could be anybody's. A branch of a branch belongs to the nearest head.
with

known_names as (
    select as_of_date, company_key, account_name as company_name
    from {{ ref('int_cleansing__current_accounts') }}
    union distinct
    select as_of_date, company_key, company_name
    from {{ ref('int_cleansing__current_registry') }}
    union distinct
    select as_of_date, company_key, company_name
    from {{ ref('int_cleansing__lead_companies') }}
),

-- A blank around words in Latin letters, so that vincent ends in no inc.
plain_names as (
    select
        names.as_of_date,
        coalesce(members.account_key, names.company_key) as company_key,
        {{ regex_replace(
            regex_replace("lower(" ~ simplified('names.company_name') ~ ")", "'[ ,.，。、;；]+|([(])'", "' " ~ caught_group(1) ~ "'"),
            "'[ )]+$'", "''"
        ) }} as plain_name
    from known_names as names
    left join {{ ref('int_cleansing__account_members') }} as members
        on names.as_of_date = members.as_of_date and names.company_key = members.company_key
),

words as (
    select
        rule_key, status, valid_from, valid_to,
        case
            when {{ regex_matches('branch_word', "'^[A-Za-z]'") }} then ' ' || lower(branch_word)
            else {{ simplified('branch_word') }}
        end as branch_word,
        case
            when {{ regex_matches('head_ending', "'^[A-Za-z]'") }} then ' ' || lower(head_ending) || ' '
            else {{ simplified('head_ending') }}
        end as head_ending
    from {{ ref('rul_cleansing__branch_names') }}
),

branch_names as (
    select
        plain_names.as_of_date, plain_names.company_key, words.rule_key, words.head_ending,
        left(plain_names.plain_name, length(plain_names.plain_name) - length(words.branch_word)) || ' ' as name_before
    from plain_names
    inner join words
        on
            right(plain_names.plain_name, length(words.branch_word)) = words.branch_word
            and {{ active_on('words', 'plain_names.as_of_date') }}
),

heads as (
    select
        as_of_date, company_key, rule_key,
        left(name_before, length(name_before) - {{ dbt.position('reverse(head_ending)', 'reverse(name_before)') }} + 1) as head_name
    from branch_names
    where {{ dbt.position('head_ending', 'name_before') }} > 0
),

head_keys as (
    select
        as_of_date, company_key, rule_key, length(head_name) as name_length,
        {{ company_key('head_name', 'as_of_date') }} as head_company_key
    from heads
),

ranked as (
    select
        head_keys.*,
        row_number() over (
            partition by as_of_date, company_key
            order by name_length desc, head_company_key asc, rule_key asc
        ) as head_rank
    from head_keys
    where head_company_key <> company_key
)

select as_of_date, company_key, head_company_key, rule_key
from ranked
where head_rank = 1
