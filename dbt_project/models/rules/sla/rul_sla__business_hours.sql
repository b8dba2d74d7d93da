{{ rule_versions(ref('rule_sla__business_hours'), [
    'calendar',
    'iso_weekday',
    'opens',
    'closes',
    'break_from',
    'break_to',
    'holidays_of'
]) }}
