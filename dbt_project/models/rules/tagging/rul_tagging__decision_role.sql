{{ rule_versions(ref('rule_tagging__decision_role'), ['job_level', 'department', 'priority', 'tag']) }}
