{{ rule_versions(ref('rule_cleansing__sessions'), [
    'gap_minutes'
]) }}
