{{ rule_versions(ref('rule_maturity__stage_evidence'), [
    'decision_stage',
    'signal_kind',
    'signal',
    'qualifier',
    'measure_min',
    'strength',
    'window_days',
    'is_hard_evidence'
]) }}
