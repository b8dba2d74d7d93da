{{ rule_versions(ref('rule_scoring__committee'), [
    'segment',
    'decision_role',
    'people_required',
    'active_within_days'
]) }}
