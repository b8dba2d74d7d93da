{{ rule_versions(ref('rule_anomaly__notifications'), [
    'service',
    'url_variable',
    'severities',
    'events',
    'notify_roles',
    'language',
    'quiet_from',
    'quiet_to',
    'quiet_passes',
    'holds_on_days_off',
    'max_alerts',
    'max_bytes',
    'retries',
    'retry_wait_seconds'
]) }}
