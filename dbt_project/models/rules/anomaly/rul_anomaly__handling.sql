{{ rule_versions(ref('rule_anomaly__handling'), [
    'severity',
    'subject_kinds',
    'reopen_days',
    'acknowledge_business_minutes',
    'calendar',
    'escalate_to'
]) }}
