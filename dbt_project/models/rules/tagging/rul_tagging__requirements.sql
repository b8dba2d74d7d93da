{{ rule_versions(ref('rule_tagging__requirements'), [
    'attribute',
    'priority',
    'match_kind',
    'argument',
    'range_min',
    'range_max',
    'tag_group',
    'tag'
]) }}
