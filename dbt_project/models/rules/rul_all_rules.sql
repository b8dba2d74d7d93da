{# Every rule file but those of the tag-rule shape, as (versions, file). A test holds this list complete. #}
{% set files = [
    (ref('rul_cleansing__automatic_touches'), 'rule_cleansing__automatic_touches'),
    (ref('rul_cleansing__suspension'), 'rule_cleansing__suspension'),
    (ref('rul_cleansing__touch_types'), 'rule_cleansing__touch_types'),
    (ref('rul_cleansing__verdicts'), 'rule_cleansing__verdicts'),
    (ref('rul_cleansing__identity_keys'), 'rule_cleansing__identity_keys'),
    (ref('rul_cleansing__identity_comparisons'), 'rule_cleansing__identity_comparisons'),
    (ref('rul_cleansing__identity_blocks'), 'rule_cleansing__identity_blocks'),
    (ref('rul_cleansing__source_trust'), 'rule_cleansing__source_trust'),
    (ref('rul_cleansing__mail_domains'), 'rule_cleansing__mail_domains'),
    (ref('rul_cleansing__places'), 'rule_cleansing__places'),
    (ref('rul_cleansing__company_suffixes'), 'rule_cleansing__company_suffixes'),
    (ref('rul_cleansing__completeness'), 'rule_cleansing__completeness'),
    (ref('rul_cleansing__consent_signals'), 'rule_cleansing__consent_signals'),
    (ref('rul_cleansing__sessions'), 'rule_cleansing__sessions'),
    (ref('rul_tagging__company_size'), 'rule_tagging__company_size'),
    (ref('rul_tagging__decision_role'), 'rule_tagging__decision_role'),
    (ref('rul_tagging__segment'), 'rule_tagging__segment'),
    (ref('rul_tagging__call_facts'), 'rule_tagging__call_facts'),
    (ref('rul_tagging__trail_sources'), 'rule_tagging__trail_sources'),
    (ref('rul_scoring__dimensions'), 'rule_scoring__dimensions'),
    (ref('rul_scoring__bands'), 'rule_scoring__bands'),
    (ref('rul_scoring__engagement'), 'rule_scoring__engagement'),
    (ref('rul_scoring__engagement_patterns'), 'rule_scoring__engagement_patterns'),
    (ref('rul_scoring__fit'), 'rule_scoring__fit'),
    (ref('rul_scoring__need'), 'rule_scoring__need'),
    (ref('rul_scoring__account'), 'rule_scoring__account'),
    (ref('rul_scoring__committee'), 'rule_scoring__committee'),
    (ref('rul_maturity__evidence'), 'rule_maturity__evidence'),
    (ref('rul_maturity__capabilities'), 'rule_maturity__capabilities'),
    (ref('rul_maturity__levels'), 'rule_maturity__levels'),
    (ref('rul_maturity__stage_evidence'), 'rule_maturity__stage_evidence'),
    (ref('rul_maturity__stages'), 'rule_maturity__stages'),
    (ref('rul_maturity__conversion_stages'), 'rule_maturity__conversion_stages'),
    (ref('rul_maturity__lifecycle_gates'), 'rule_maturity__lifecycle_gates'),
    (ref('rul_action__priority'), 'rule_action__priority'),
    (ref('rul_action__contact_policies'), 'rule_action__contact_policies'),
    (ref('rul_sla__policies'), 'rule_sla__policies'),
    (ref('rul_sla__holidays'), 'rule_sla__holidays'),
    (ref('rul_sla__business_hours'), 'rule_sla__business_hours'),
    (ref('rul_anomaly__policies'), 'rule_anomaly__policies'),
    (ref('rul_anomaly__notifications'), 'rule_anomaly__notifications'),
    (ref('rul_anomaly__report_findings'), 'rule_anomaly__report_findings'),
] %}

{% for versions, file in files %}
{{ rule_file_rows(versions, file) }}
union all
{% endfor %}
{{ rule_file_rows(ref('rul_tagging__tag_rules'), 'rule_tagging__industry', of_several_files=true) }}
where rule_file <> 'rule_cleansing__mail_domains'
