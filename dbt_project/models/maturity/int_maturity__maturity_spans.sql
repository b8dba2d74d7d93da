-- Weighted maturity over time, and whether the gate of "high" is open.
select
    spans.as_of_date,
    spans.lead_id,
    spans.span_from,
    spans.span_to,
    spans.need_clarity_milli,
    spans.purchase_intent_milli,
    spans.product_match_milli,
    spans.decision_position_milli,
    {{ div_round(
        'spans.need_clarity_milli * rules.need_clarity_pct + spans.purchase_intent_milli * rules.purchase_intent_pct'
        ~ ' + spans.product_match_milli * rules.product_match_pct + spans.decision_position_milli * rules.decision_position_pct',
        100
    ) }} as maturity_milli,
    (
        cast(spans.need_clarity_milli >= rules.gate_dimension_pct * 1000 as integer)
        + cast(spans.purchase_intent_milli >= rules.gate_dimension_pct * 1000 as integer)
        + cast(spans.product_match_milli >= rules.gate_dimension_pct * 1000 as integer)
        + cast(spans.decision_position_milli >= rules.gate_dimension_pct * 1000 as integer)
    ) >= rules.gate_dimensions
    and (rules.gate_buying_days = 0 or spans.has_buying_evidence) as is_gate_open,
    rules.high_enter,
    rules.high_leave,
    rules.medium_enter,
    rules.medium_leave,
    rules.min_stay_days
from {{ ref('int_maturity__dimension_spans') }} as spans
inner join {{ ref('int_maturity__level_rules') }} as rules
    on spans.as_of_date = rules.as_of_date and spans.lead_id = rules.lead_id
