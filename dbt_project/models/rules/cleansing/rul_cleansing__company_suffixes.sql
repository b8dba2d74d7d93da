{{ rule_versions(ref('rule_cleansing__company_suffixes'), ['suffix']) }}
