{{ rule_versions(ref('rule_maturity__conversion_stages'), [
    'conversion_stage',
    'stage_order',
    'window_days',
    'min_active_days',
    'min_depth',
    'min_content_items',
    'leave_after_inactive_days'
]) }}
