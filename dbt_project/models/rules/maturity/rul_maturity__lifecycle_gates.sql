{{ rule_versions(ref('rule_maturity__lifecycle_gates'), [
    'lifecycle_status',
    'status_order',
    'precedence',
    'gate_kind',
    'condition',
    'argument',
    'threshold',
    'owner_side'
]) }}
