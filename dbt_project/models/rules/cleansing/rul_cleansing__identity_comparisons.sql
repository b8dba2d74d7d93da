{{ rule_versions(ref('rule_cleansing__identity_comparisons'), ['subject', 'attribute', 'comparator', 'argument', 'points']) }}
