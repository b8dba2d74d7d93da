{{ rule_versions(ref('rule_cleansing__completeness'), [
    'field',
    'weight',
    'required_for',
    'ask_order',
    'ask_by',
    'tag_groups'
]) }}
