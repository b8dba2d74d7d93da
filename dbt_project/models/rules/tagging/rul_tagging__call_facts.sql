{{ rule_versions(ref('rule_tagging__call_facts'), [
    'fact_kind',
    'fact_group',
    'polarity',
    'language',
    'priority',
    'pattern',
    'example'
]) }}
