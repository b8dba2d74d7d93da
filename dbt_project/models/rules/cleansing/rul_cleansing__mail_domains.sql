{{ rule_versions(ref('rule_cleansing__mail_domains'), ['domain', 'mail_domain_kind']) }}
