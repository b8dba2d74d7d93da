{{ rule_versions(ref('rule_tagging__budget_range'), [
    'attribute',
    'priority',
    'match_kind',
    'argument',
    'range_min',
    'range_max',
    'tag_group',
    'tag'
]) }}
