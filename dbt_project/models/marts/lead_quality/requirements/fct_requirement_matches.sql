with

matches as (
    select matches.*
    from {{ ref('int_maturity__requirement_matches') }} as matches
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on matches.as_of_date = day_ends.as_of_date and day_ends.is_current
),

terms as (
    select code, label_zh, label_en from {{ ref('rul_vocabulary__terms') }}
    where vocabulary = 'requirement'
)

select
    cast(matches.lead_id as varchar) as lead_id,
    cast(matches.as_of_date as date) as as_of_date,
    cast(matches.requirement as varchar) as requirement,
    cast(terms.label_zh as varchar) as requirement_zh,
    cast(terms.label_en as varchar) as requirement_en,
    cast(matches.strength as varchar) as strength,
    cast(matches.requirement_match as varchar) as requirement_match,
    cast(matches.product as varchar) as product,
    cast(matches.is_of_interest as boolean) as is_of_interest,
    cast(matches.capability_rule_key as varchar) as rule_key,
    cast(matches.statement_rule_key as varchar) as statement_rule_key,
    cast({{ text_without_contacts('matches.quote') }} as varchar) as quote,
    cast(matches.touch_key as varchar) as touch_key,
    cast(matches.stated_on as date) as stated_on
from matches
inner join terms on matches.requirement = terms.code
