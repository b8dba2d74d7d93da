{{ rule_versions(ref('rule_cleansing__identity_keys'), ['key_kind', 'merges', 'hub_limit', 'trust']) }}
