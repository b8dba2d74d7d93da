{{ rule_versions(ref('rule_cleansing__automatic_touches'), ['check_kind', 'argument', 'min_value', 'window_seconds']) }}
