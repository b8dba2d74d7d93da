{# Fields of the intake standard (R02) by the columns of a lead that state them. #}
{% macro intake_fields() %}
    {{ return({
        'person_name': ['person_name'],
        'company_name': ['company_name'],
        'mobile_or_wecom': ['mobile'],
        'email': ['email'],
        'job_title': ['job_title'],
        'industry': ['industry_text', 'industry_code'],
        'company_size': ['headcount', 'annual_revenue_wan', 'assets_wan'],
        'province': ['province', 'city'],
        'product_interest': ['product_interest_text'],
        'budget_range': ['budget_wan'],
        'purchase_timeline': ['purchase_timeline_text'],
        'decision_process': ['decision_process_text'],
        'source_channel': ['source_channel_text'],
    }) }}
{% endmacro %}
