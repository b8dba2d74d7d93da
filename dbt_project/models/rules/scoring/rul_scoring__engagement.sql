{{ rule_versions(ref('rule_scoring__engagement'), [
    'channel',
    'touch_type',
    'qualifier',
    'measure_min',
    'points',
    'half_life_days',
    'max_per_day',
    'cap_points',
    'exclusive_group',
    'depth',
    'is_activity'
]) }}
