{{ rule_versions(ref('rule_cleansing__verdicts'), [
    'feed',
    'attribute',
    'check_kind',
    'argument',
    'min_value',
    'max_value',
    'verdict',
    'max_share_pct'
]) }}
