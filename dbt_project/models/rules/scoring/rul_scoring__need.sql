{{ rule_versions(ref('rule_scoring__need'), [
    'bant_group',
    'signal_kind',
    'signal',
    'qualifier',
    'measure_min',
    'points',
    'half_life_days',
    'group_cap'
]) }}
