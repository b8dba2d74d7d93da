{{ rule_versions(ref('rule_action__contact_policies'), [
    'consent_channel',
    'purpose',
    'when_unknown',
    'quiet_from',
    'quiet_to'
]) }}
