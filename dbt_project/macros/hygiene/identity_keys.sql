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

{# The key columns in the order in which they name the subject of a touch: the record itself, then by the trust of
   rul_cleansing__identity_keys (newest version); before the rules were built, in the order of touch_key_columns. #}
{% macro subject_columns() %}
    {%- set columns = ['node_key'] -%}
    {%- for row in rule_rows(ref('rul_cleansing__identity_keys'), "select key_kind from " ~ ref('rul_cleansing__identity_keys') ~ " where status = 'active' and valid_to = cast('9999-12-31' as date) order by trust desc, rule_id") -%}
        {%- do columns.append(row[0] ~ '_key') -%}
    {%- endfor -%}
    {{ return(columns if columns | length > 1 else touch_key_columns()) }}
{% endmacro %}

{# The views that bring events into the shape of int_cleansing__touch_events. #}
{% macro touch_views() %}
    {{ return([
        'int_cleansing__form_touches', 'int_cleansing__web_touches', 'int_cleansing__wechat_touches',
        'int_cleansing__wecom_touches', 'int_cleansing__event_touches', 'int_cleansing__content_touches',
        'int_cleansing__message_touches', 'int_cleansing__chat_touches', 'int_cleansing__survey_touches',
        'int_cleansing__share_touches', 'int_cleansing__sales_touches',
    ]) }}
{% endmacro %}
