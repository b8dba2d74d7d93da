{{ config(materialized='table') }}
{# What tag rules may ask about a company, and the columns of the account that hold it. #}
{% set texts = [
    ('company_name', 'account_name'), ('company_name_or_note', 'account_name'), ('company_name_or_note', 'company_standing'),
    ('company_standing_text', 'company_standing'), ('industry_text', 'industry_text'), ('industry_code', 'industry_code'),
    ('province', 'province'), ('city', 'city'),
] %}
{% set numbers = ['headcount', 'annual_revenue_wan'] %}
-- The tags of a company itself (R18): what CRM and registry know of it; where they are silent, what its people state. Of a
-- group with one tag most of the people decide. The segment follows from them. Only of the current day-end, as nothing asks
-- about companies on earlier ones.
with

accounts as (
    select accounts.*
    from {{ ref('int_cleansing__accounts') }} as accounts
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on accounts.as_of_date = day_ends.as_of_date and day_ends.is_current
),

account_attributes as ( -- noqa: ST03
    {% for attribute, column in texts %}
    select as_of_date, account_id, '{{ attribute }}' as attribute, {{ match_form(column) }} as value_text,
        cast(null as decimal(18, 2)) as value_number
    from accounts
    where {{ column }} is not null
    union all
    {% endfor %}
    {% for column in numbers %}
    select as_of_date, account_id, '{{ column }}' as attribute, cast({{ column }} as {{ dbt.type_string() }}) as value_text,
        cast({{ column }} as decimal(18, 2)) as value_number
    from accounts
    where {{ column }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

attribute_tags as (
    {{ tags_of_attributes('account_attributes', 'account_id') }}
),

size_tags as (
    {{ company_sizes('accounts', 'attribute_tags', 'account_id') }}
),

groups as (
    select tag_group, cardinality from {{ ref('rul_vocabulary__tag_groups') }}
    where describes = 'company'
),

own_tags as (
    select tags.as_of_date, tags.account_id, tags.tag_group, tags.tag, tags.rule_id, tags.rule_key
    from attribute_tags as tags
    inner join groups on tags.tag_group = groups.tag_group
    where tags.tag <> 'unknown'
    union all
    select as_of_date, account_id, tag_group, tag, rule_id, rule_key
    from size_tags
),

tags_of_people as (
    select
        companies.as_of_date,
        companies.account_id,
        tags.tag_group,
        tags.tag,
        min(tags.rule_id) as rule_id,
        min_by(tags.rule_key, tags.rule_id) as rule_key,
        count(*) as people
    from {{ ref('int_cleansing__lead_companies') }} as companies
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on companies.as_of_date = day_ends.as_of_date and day_ends.is_current
    inner join {{ ref('int_tagging__lead_tags') }} as tags
        on companies.as_of_date = tags.as_of_date and companies.lead_id = tags.lead_id
    inner join groups on tags.tag_group = groups.tag_group
    left join own_tags
        on
            companies.as_of_date = own_tags.as_of_date
            and companies.account_id = own_tags.account_id
            and tags.tag_group = own_tags.tag_group
    where own_tags.tag is null
    group by companies.as_of_date, companies.account_id, tags.tag_group, tags.tag
),

ranked_tags_of_people as (
    select
        tags.*,
        groups.cardinality,
        row_number() over (
            partition by tags.as_of_date, tags.account_id, tags.tag_group
            order by tags.people desc, tags.rule_id asc, tags.tag asc
        ) as group_rank
    from tags_of_people as tags
    inner join groups on tags.tag_group = groups.tag_group
),

company_tags as (
    select as_of_date, account_id, tag_group, tag, rule_id, rule_key, true as is_own
    from own_tags
    union all
    select as_of_date, account_id, tag_group, tag, rule_id, rule_key, false as is_own
    from ranked_tags_of_people
    where cardinality = 'many' or group_rank = 1
),

segment_facts as ( -- noqa: ST03
    select as_of_date, account_id, tag_group as metric, tag as value_text, cast(null as bigint) as value_number
    from company_tags
    union all
    select as_of_date, account_id, 'headcount' as metric, null as value_text, headcount as value_number
    from accounts
    where headcount is not null
    union all
    select as_of_date, account_id, 'always' as metric, null as value_text, null as value_number
    from accounts
),

segments as (
    {{ segments_of('segment_facts', 'account_id') }}
)

select as_of_date, account_id, tag_group, tag, rule_id, rule_key, is_own
from company_tags
union all
select as_of_date, account_id, 'segment' as tag_group, segment as tag, rule_id, rule_key, true as is_own
from segments
