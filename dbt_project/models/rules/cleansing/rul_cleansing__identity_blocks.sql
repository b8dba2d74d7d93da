{{ rule_versions(ref('rule_cleansing__identity_blocks'), [
    'subject',
    'attribute',
    'form',
    'other_attribute',
    'other_form',
    'most_members'
]) }}
