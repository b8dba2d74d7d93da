{{ rule_versions(ref('rule_maturity__capabilities'), [
    'product',
    'capability_kind',
    'requirement',
    'support',
    'price_from_wan',
    'price_partly_wan'
]) }}
