{{ rule_versions(ref('rule_scoring__fit'), ['tag_group', 'tag', 'points', 'group_cap']) }}
