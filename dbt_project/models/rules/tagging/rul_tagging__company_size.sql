{{ rule_versions(ref('rule_tagging__company_size'), [
    'industry_codes',
    'priority',
    'company_size',
    'headcount_min',
    'revenue_wan_min',
    'assets_wan_min'
]) }}
