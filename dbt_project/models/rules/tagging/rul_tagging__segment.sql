{{ rule_versions(ref('rule_tagging__segment'), [
    'priority',
    'metric',
    'operator',
    'argument',
    'segment'
]) }}
