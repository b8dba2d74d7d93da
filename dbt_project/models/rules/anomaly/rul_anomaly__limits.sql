{{ rule_versions(ref('rule_anomaly__limits'), [
    'metric',
    'subject',
    'calibration_from',
    'calibration_to',
    'window_days',
    'look_back_days',
    'stands_days',
    'baseline_deliveries',
    'min_volume',
    'threshold',
    'threshold_unit',
    'severity',
    'notify_role'
]) }}
