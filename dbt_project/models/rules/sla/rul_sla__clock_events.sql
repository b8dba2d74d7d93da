{{ rule_versions(ref('rule_sla__clock_events'), ['clock', 'event_kind', 'argument', 'effect']) }}
