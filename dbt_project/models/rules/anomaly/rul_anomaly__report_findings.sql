{{ rule_versions(ref('rule_anomaly__report_findings'), ['finding', 'threshold', 'threshold_unit', 'min_leads']) }}
