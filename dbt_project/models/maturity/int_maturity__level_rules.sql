-- Weights, thresholds and gate of the maturity levels for each lead at a day-end: its segment's rule in force (R22).
select
    segments.as_of_date,
    segments.lead_id,
    rules.rule_key,
    rules.need_clarity_pct,
    rules.purchase_intent_pct,
    rules.product_match_pct,
    rules.decision_position_pct,
    rules.high_enter,
    rules.high_leave,
    rules.medium_enter,
    rules.medium_leave,
    rules.min_stay_days,
    coalesce(rules.gate_dimensions, 0) as gate_dimensions,
    coalesce(rules.gate_dimension_pct, 0) as gate_dimension_pct,
    coalesce(rules.gate_buying_days, 0) as gate_buying_days
from {{ ref('int_tagging__lead_segments') }} as segments
inner join {{ ref('rul_maturity__levels') }} as rules
    on segments.segment = rules.segment and {{ active_on('rules', 'segments.as_of_date') }}
