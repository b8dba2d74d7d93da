-- What customers ask for and do not get, for product management: must-haves first, then how many ask, then the money of their
-- open opportunities. Leads that do not count (competitors, students ...) ask for nothing.
with

unmet as (
    select matches.*, leads.segment
    from {{ ref('fct_requirement_matches') }} as matches
    inner join {{ ref('dim_leads') }} as leads on matches.lead_id = leads.lead_id and not leads.is_excluded
    where matches.requirement_match <> 'met'
),

open_amounts as (
    select opportunities.lead_id, count(*) as opportunities, sum(opportunities.amount_wan) as amount_wan
    from {{ ref('int_tagging__opportunity_stages') }} as opportunities
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on opportunities.as_of_date = day_ends.as_of_date and day_ends.is_current
    where opportunities.lead_id is not null and opportunities.stage not in ('won', 'lost')
    group by opportunities.lead_id
),

quotes as (
    select
        requirement, segment, quote,
        row_number() over (
            partition by requirement, segment
            order by count(*) desc, max(stated_on) desc, quote asc
        ) as quote_rank
    from unmet
    group by requirement, segment, quote
),

counted as (
    select
        unmet.as_of_date, unmet.requirement, unmet.requirement_zh, unmet.requirement_en, unmet.segment,
        count(*) as leads,
        count(case when unmet.strength = 'must' then 1 end) as must_leads,
        count(case when unmet.requirement_match = 'not_met' then 1 end) as not_met_leads,
        count(case when unmet.requirement_match = 'partly' then 1 end) as partly_leads,
        count(case when unmet.requirement_match = 'unknown' then 1 end) as unknown_leads,
        coalesce(sum(open_amounts.opportunities), 0) as open_opportunities,
        sum(open_amounts.amount_wan) as open_amount_wan
    from unmet
    left join open_amounts on unmet.lead_id = open_amounts.lead_id
    group by unmet.as_of_date, unmet.requirement, unmet.requirement_zh, unmet.requirement_en, unmet.segment
),

ranked as (
    select
        counted.*,
        row_number() over (
            order by must_leads desc, leads desc, coalesce(open_amount_wan, 0) desc, requirement asc, segment asc
        ) as requirement_rank
    from counted
)

select
    cast(ranked.requirement_rank as bigint) as requirement_rank,
    cast(ranked.as_of_date as date) as as_of_date,
    cast(ranked.requirement as varchar) as requirement,
    cast(ranked.requirement_zh as varchar) as requirement_zh,
    cast(ranked.requirement_en as varchar) as requirement_en,
    cast(ranked.segment as varchar) as segment,
    cast(ranked.leads as bigint) as leads,
    cast(ranked.must_leads as bigint) as must_leads,
    cast(ranked.not_met_leads as bigint) as not_met_leads,
    cast(ranked.partly_leads as bigint) as partly_leads,
    cast(ranked.unknown_leads as bigint) as unknown_leads,
    cast(ranked.open_opportunities as bigint) as open_opportunities,
    cast(ranked.open_amount_wan as decimal(18, 2)) as open_amount_wan,
    cast(quotes.quote as varchar) as example_quote
from ranked
inner join quotes
    on ranked.requirement = quotes.requirement and ranked.segment = quotes.segment and quotes.quote_rank = 1
