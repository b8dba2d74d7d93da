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

levels as (
    select as_of_date, lead_id, state as maturity_level, entered_on as level_since_on
    from {{ ref('int_maturity__state_path') }}
    where state_kind = 'level' and entered_on <= as_of_date and as_of_date < left_on
)

select
    leads.as_of_date,
    leads.lead_id,
    coalesce(today.need_clarity_milli, 0) as need_clarity_milli,
    coalesce(today.purchase_intent_milli, 0) as purchase_intent_milli,
    coalesce(today.product_match_milli, 0) as product_match_milli,
    coalesce(today.decision_position_milli, 0) as decision_position_milli,
    coalesce(today.maturity_milli, 0) as maturity_milli,
    coalesce(levels.maturity_level, 'low') as maturity_level,
    coalesce(levels.level_since_on, leads.first_known_on) as level_since_on
from leads
left join today on leads.as_of_date = today.as_of_date and leads.lead_id = today.lead_id
left join levels on leads.as_of_date = levels.as_of_date and leads.lead_id = levels.lead_id
