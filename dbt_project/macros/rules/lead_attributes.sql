{# The attributes of a lead that tag rules may name, and the columns that hold them: the one list behind
   int_tagging__attribute_values and int_tagging__lead_attributes. #}
{% macro text_attributes() %}
    {{ return([
        ('job_title', 'job_title'),
        ('department', 'department'),
        ('department_or_title', 'department'),
        ('department_or_title', 'job_title'),
        ('company_name', 'company_name'),
        ('company_name_or_note', 'company_name'),
        ('company_name_or_note', 'company_standing_text'),
        ('company_name_or_note', 'need_text'),
        ('company_standing_text', 'company_standing_text'),
        ('industry_text', 'industry_text'),
        ('industry_code', 'industry_code'),
        ('country', 'country'),
        ('province', 'province'),
        ('city', 'city'),
        ('product_interest_text', 'product_interest_text'),
        ('need_text', 'need_text'),
        ('stated_words', 'need_text'),
        ('purchase_timeline_text', 'purchase_timeline_text'),
        ('decision_process_text', 'decision_process_text'),
        ('source_channel_text', 'source_channel_text'),
        ('email_domain', 'email_domain'),
    ]) }}
{% endmacro %}

{% macro number_attributes() %}
    {{ return([
        ('headcount', 'headcount'),
        ('annual_revenue_wan', 'annual_revenue_wan'),
        ('budget_wan', 'budget_wan'),
    ]) }}
{% endmacro %}

{# Custom attributes that some tag rule names (attribute `custom:<column>`), without the prefix, and the first day on
   which one does. #}
{% macro custom_attributes_named_from() %}
    {% set days = {} %}
    {% for row in rule_rows(ref('rul_tagging__tag_rules'), "select attribute, cast(min(valid_from) as varchar) from " ~ ref('rul_tagging__tag_rules') ~ " where attribute like 'custom:%' group by attribute order by attribute") %}
        {% do days.update({row[0][7:]: row[1]}) %}
    {% endfor %}
    {{ return(days) }}
{% endmacro %}

{# How a value is spelled for matching: trimmed, lower case. #}
{% macro match_form(value) %}lower(trim({{ value }})){% endmacro %}
