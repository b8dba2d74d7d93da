{{ rule_versions(ref('rule_tagging__trail_sources'), [
    'channel',
    'touch_type',
    'source_channel',
    'agrees_with'
]) }}
