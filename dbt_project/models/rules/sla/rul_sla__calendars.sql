{{ rule_versions(ref('rule_sla__calendars'), ['team', 'region', 'calendar', 'time_zone']) }}
