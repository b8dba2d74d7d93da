{{ rule_versions(ref('rule_scoring__dimensions'), [
    'segment',
    'dimension',
    'weight_pct',
    'full_marks',
    'floor_points',
    'half_life_factor_pct',
    'inactivity_grace_days'
]) }}
