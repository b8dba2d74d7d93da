{{ rule_versions(ref('rule_cleansing__touch_types'), [
    'feed',
    'event_type',
    'event_context',
    'channel',
    'touch_type',
    'initiative',
    'is_response'
]) }}
