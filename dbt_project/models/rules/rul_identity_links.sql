{{ rule_versions(ref('identity_links'), ['decision', 'record_a', 'record_b'], key='exception_id', described_by=['comment', 'owner']) }}
