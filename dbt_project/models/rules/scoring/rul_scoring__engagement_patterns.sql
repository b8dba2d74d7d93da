{{ rule_versions(ref('rule_scoring__engagement_patterns'), [
    'metric',
    'window_days',
    'min_value',
    'max_value',
    'points',
    'pattern_group',
    'group_pick'
]) }}
