{# Identity keys as text `kind|value`. An openid is unique within one official account, an external_userid within one
   WeCom corporation: where a delivery does not name it, its source system stands for it, which never links two. #}
{% macro identity_key(kind, value) %}'{{ kind }}|' || {{ value }}{% endmacro %}

{% macro openid_of_account() %}coalesce(wechat_account_id, source_system) || ':' || openid{% endmacro %}

{% macro external_userid_of_corp() %}coalesce(corp_id, source_system) || ':' || external_userid{% endmacro %}

{# The columns of a staged event that tell who it was, for the int_cleansing__*_touches views. `contact_ref`: the feed
   names CRM contacts too. #}
{% macro touch_identity(has_contact=false) -%}
    source_system,
    ref_system,
    lead_ref,
    {{ 'contact_ref' if has_contact else 'cast(null as varchar) as contact_ref' }},
    unionid,
    corp_id,
    external_userid,
    wechat_account_id,
    openid,
    email,
    phone,
    visitor_id
{%- endmacro %}

{# The key columns of int_cleansing__touch_events, best key first: the order decides the subject of a touch. #}
{% macro touch_key_columns() %}
    {{ return(['node_key', 'crm_lead_key', 'crm_contact_key', 'unionid_key', 'external_userid_key', 'openid_key',
               'email_key', 'mobile_key', 'visitor_key']) }}
{% endmacro %}
