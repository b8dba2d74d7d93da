{{ rule_versions(ref('rule_sla__policies'), [
    'clock',
    'starts_channel',
    'starts_touch_type',
    'starts_qualifier',
    'segment',
    'budget_business_minutes',
    'due_soon_pct',
    'calendar',
    'severity',
    'escalate_to'
]) }}
