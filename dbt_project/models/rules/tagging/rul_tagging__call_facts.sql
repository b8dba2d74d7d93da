{{ rule_versions(ref('rule_tagging__call_facts'), [
    'fact_kind',
    'polarity',
    'language',
    'priority',
    'pattern',
    'example'
]) }}
