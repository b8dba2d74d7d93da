{{ rule_versions(ref('rule_cleansing__places'), [
    'place_kind',
    'spellings',
    'country',
    'province',
    'city'
]) }}
