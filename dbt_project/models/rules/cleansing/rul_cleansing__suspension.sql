{{ rule_versions(ref('rule_cleansing__suspension'), ['min_records']) }}
