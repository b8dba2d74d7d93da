{# What a person record may state, with types: the columns of int_cleansing__stated_persons. #}
{% macro person_attribute_types() %}
    {{ return({
        'person_name': 'varchar', 'company_name': 'varchar', 'job_title': 'varchar', 'department': 'varchar',
        'email': 'varchar', 'phone': 'varchar', 'mobile': 'varchar',
        'wechat_account_id': 'varchar', 'openid': 'varchar', 'unionid': 'varchar', 'corp_id': 'varchar',
        'external_userid': 'varchar', 'visitor_id': 'varchar', 'website': 'varchar',
        'country': 'varchar', 'province': 'varchar', 'city': 'varchar',
        'industry_text': 'varchar', 'industry_code': 'varchar', 'headcount': 'bigint',
        'annual_revenue_wan': 'decimal(18,2)', 'company_standing_text': 'varchar',
        'product_interest_text': 'varchar', 'budget_wan': 'decimal(18,2)', 'purchase_timeline_text': 'varchar',
        'decision_process_text': 'varchar', 'need_text': 'varchar', 'source_channel_text': 'varchar',
        'campaign_ref': 'varchar', 'owner_ref': 'varchar', 'account_ref': 'varchar', 'crm_status': 'varchar',
        'email_opt_out': 'boolean', 'do_not_call': 'boolean',
        'crm_lead_id': 'varchar', 'related_lead_ref': 'varchar', 'crm_contact_id': 'varchar',
    }) }}
{% endmacro %}

{# The select list of one feed's statements: `same` are columns with the attribute's own name, `other` maps an attribute
   to an expression; what the feed cannot state is null. #}
{% macro person_attributes(same, other={}) %}
    {%- for attribute, type in person_attribute_types().items() %}
    {%- if attribute in same %}
    {{ attribute }}
    {%- elif attribute in other %}
    {{ other[attribute] }} as {{ attribute }}
    {%- else %}
    cast(null as {{ type }}) as {{ attribute }}
    {%- endif %}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}
