{{ rule_versions(ref('rule_cleansing__source_trust'), ['source_system', 'trust']) }}
