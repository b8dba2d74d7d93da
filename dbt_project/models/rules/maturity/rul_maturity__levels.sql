{{ rule_versions(ref('rule_maturity__levels'), [
    'segment',
    'need_clarity_pct',
    'purchase_intent_pct',
    'product_match_pct',
    'decision_position_pct',
    'high_enter',
    'high_leave',
    'medium_enter',
    'medium_leave',
    'min_stay_days',
    'gate_dimensions',
    'gate_dimension_pct',
    'gate_buying_days'
]) }}
