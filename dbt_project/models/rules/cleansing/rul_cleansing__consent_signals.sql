{{ rule_versions(ref('rule_cleansing__consent_signals'), [
    'source_kind',
    'signal',
    'consent_channel',
    'purpose',
    'effect',
    'valid_days'
]) }}
