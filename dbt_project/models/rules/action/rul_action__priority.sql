{{ rule_versions(ref('rule_action__priority'), [
    'priority_kind',
    'metric',
    'operator',
    'argument',
    'threshold',
    'points',
    'sort_order'
]) }}
