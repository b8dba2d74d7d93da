{{ rule_versions(ref('rule_scoring__bands'), ['band_set', 'band', 'lower_pct', 'upper_pct']) }}
