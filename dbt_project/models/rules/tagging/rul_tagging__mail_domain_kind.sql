{{ rule_versions(ref('rule_tagging__mail_domain_kind'), [
    'attribute',
    'priority',
    'match_kind',
    'argument',
    'range_min',
    'range_max',
    'tag_group',
    'tag'
]) }}
