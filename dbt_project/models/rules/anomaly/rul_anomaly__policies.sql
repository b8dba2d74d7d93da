{{ rule_versions(ref('rule_anomaly__policies'), [
    'scope',
    'metric',
    'band',
    'lifecycle_statuses',
    'clocks',
    'clock_rules',
    'window_days',
    'threshold',
    'threshold_unit',
    'min_volume',
    'direction',
    'excludes_cause',
    'severity',
    'notify_role'
]) }}
