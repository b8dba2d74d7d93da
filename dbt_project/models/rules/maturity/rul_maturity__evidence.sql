{{ rule_versions(ref('rule_maturity__evidence'), [
    'maturity_dimension',
    'signal_kind',
    'signal',
    'qualifier',
    'measure_min',
    'points',
    'valid_days',
    'cap_points',
    'is_buying_evidence'
]) }}
