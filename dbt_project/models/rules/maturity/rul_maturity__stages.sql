{{ rule_versions(ref('rule_maturity__stages'), [
    'decision_stage',
    'stage_order',
    'enter_strength',
    'leave_strength',
    'min_stay_days',
    'stagnation_days_default',
    'stagnation_days_enterprise',
    'needs_hard_evidence'
]) }}
