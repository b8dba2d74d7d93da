{{ rule_versions(ref('rule_scoring__account'), [
    'component',
    'weight_pct',
    'aggregation',
    'argument',
    'people_max',
    'full_marks'
]) }}
