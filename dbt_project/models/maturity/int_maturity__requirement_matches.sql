-- What each lead asks for, matched to the product capability catalogue (R58). The products the lead is interested in speak
-- first, then what holds for all products, then what another of our products can do; of equals the best. What no row answers
-- is unknown. A lead's newest word counts: what is no longer needed is no requirement.
with

newest as (
    select statements.*
    from {{ ref('int_tagging__requirement_statements') }} as statements
    where valid_to > as_of_date and strength <> 'not_needed'
),

interests as (
    select as_of_date, lead_id, tag as product
    from {{ ref('int_tagging__lead_tags') }}
    where tag_group = 'product_interest'
),

answers as (
    select
        newest.*,
        rules.product,
        rules.rule_id,
        rules.rule_key as capability_rule_key,
        rules.price_from_wan,
        case when interests.product is not null then 1 when rules.product = 'any' then 2 else 3 end as product_order,
        case
            when rules.price_from_wan is null then coalesce(rules.support, 'unknown')
            when newest.amount_wan >= rules.price_from_wan then 'met'
            when newest.amount_wan >= rules.price_partly_wan then 'partly'
            else 'not_met'
        end as answer
    from newest
    left join {{ ref('rul_maturity__capabilities') }} as rules
        on newest.requirement = rules.requirement and {{ active_on('rules', 'newest.as_of_date') }}
    left join interests
        on
            newest.as_of_date = interests.as_of_date
            and newest.lead_id = interests.lead_id
            and rules.product = interests.product
),

ranked as (
    select
        answers.*,
        row_number() over (
            partition by as_of_date, lead_id, requirement
            order by
                product_order,
                case answer when 'met' then 1 when 'partly' then 2 when 'not_met' then 3 else 10 end,
                price_from_wan,
                rule_id
        ) as answer_rank
    from answers
)

select
    as_of_date, lead_id, requirement, strength, answer as requirement_match, product, product_order = 1 as is_of_interest,
    capability_rule_key, rule_key as statement_rule_key, quote, touch_key, occurred_on as stated_on
from ranked
where answer_rank = 1
