{{ rule_versions(ref('rule_sla__policies'), [
    'clock',
    'starts_on',
    'starts_channel',
    'starts_touch_type',
    'starts_qualifier',
    'maturity_level',
    'segment',
    'budget_business_minutes',
    'due_soon_pct',
    'calendar',
    'severity',
    'escalate_to'
]) }}
