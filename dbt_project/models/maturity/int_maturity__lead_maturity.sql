-- The maturity of a lead at a day-end: four dimensions, their weighted sum and the level that is held (R19, R22).
with

leads as (
    select as_of_date, lead_id, first_known_on from {{ ref('int_cleansing__leads') }}
),

today as (
    select *
    from {{ ref('int_maturity__maturity_spans') }}
    where span_from <= as_of_date and as_of_date < span_to
),

holds as (
    select
        as_of_date,
        lead_id,
        max(case when maturity_level = 'high' and held_from <= as_of_date and as_of_date < held_to then held_from end) as high_since_on,
        max(case when maturity_level = 'medium' and held_from <= as_of_date and as_of_date < held_to then held_from end) as medium_since_on,
        max(case when maturity_level = 'high' and held_to <= as_of_date then held_to end) as high_until_on,
        max(case when held_to <= as_of_date then held_to end) as last_level_until_on
    from {{ ref('int_maturity__level_holds') }}
    group by as_of_date, lead_id
)

select
    leads.as_of_date,
    leads.lead_id,
    coalesce(today.need_clarity_milli, 0) as need_clarity_milli,
    coalesce(today.purchase_intent_milli, 0) as purchase_intent_milli,
    coalesce(today.product_match_milli, 0) as product_match_milli,
    coalesce(today.decision_position_milli, 0) as decision_position_milli,
    coalesce(today.maturity_milli, 0) as maturity_milli,
    case
        when holds.high_since_on is not null then 'high'
        when holds.medium_since_on is not null then 'medium'
        else 'low'
    end as maturity_level,
    case
        when holds.high_since_on is not null then holds.high_since_on
        when holds.medium_since_on is not null
            then greatest(holds.medium_since_on, coalesce(holds.high_until_on, holds.medium_since_on))
        else coalesce(holds.last_level_until_on, leads.first_known_on)
    end as level_since_on
from leads
left join today on leads.as_of_date = today.as_of_date and leads.lead_id = today.lead_id
left join holds on leads.as_of_date = holds.as_of_date and leads.lead_id = holds.lead_id
