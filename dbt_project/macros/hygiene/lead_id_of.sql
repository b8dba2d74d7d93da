{# The id of the lead that a record gives its name to: L and the first 15 hex digits of the record's md5. #}
{% macro lead_id_of(node_key) %}'L' || upper(substr(md5({{ node_key }}), 1, 15)){% endmacro %}

{# The id of the account behind a normalised company name. #}
{% macro account_id_of(company_key) %}'A' || upper(substr(md5({{ company_key }}), 1, 15)){% endmacro %}
