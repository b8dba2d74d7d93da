{{ rule_versions(ref('rule_sla__holidays'), ['calendar', 'calendar_date', 'day_kind']) }}
