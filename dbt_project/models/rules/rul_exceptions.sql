{{ rule_versions(ref('exceptions'), ['rule_id', 'pattern'], key='exception_id', described_by=['comment', 'owner']) }}
