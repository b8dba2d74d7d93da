{{ rule_versions(ref('rule_cleansing__branch_names'), ['branch_word', 'head_ending']) }}
