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

{# The identity keys of an event that has the columns of touch_identity: expressions by kind, best first. #}
{% macro touch_keys() %}
    {{ return({
        'crm_lead': identity_key('crm_lead', "ref_system || ':' || lead_ref"),
        'crm_contact': identity_key('crm_contact', "ref_system || ':' || contact_ref"),
        'unionid': identity_key('unionid', 'unionid'),
        'external_userid': identity_key('external_userid', external_userid_of_corp()),
        'openid': identity_key('openid', openid_of_account()),
        'email': identity_key('email', normal_mailbox('email')),
        'mobile': identity_key('mobile', normal_mobile('phone')),
        'visitor': identity_key('visitor', 'visitor_id'),
    }) }}
{% endmacro %}

{# The subject of a touch: its own person record, else its key of the most trusted kind, as rul_cleansing__identity_keys
   ranks them on the day it became known (before the rules were built: in the order of touch_keys). One expression, so that
   the engine normalises a contact only where no better key is. #}
{% macro subject_key(known_on) %}
    {%- set keys = touch_keys() -%}
    {%- set rows = rule_rows(ref('rul_cleansing__identity_keys'), "select key_kind, status, cast(valid_from as varchar), cast(valid_to as varchar) from " ~ ref('rul_cleansing__identity_keys') ~ " order by trust desc, rule_id") -%}
    {%- set best_keys = [] -%}
    {%- for day in first_days(rows) -%}
        {%- set in_order = [] -%}
        {%- for kind, status, valid_from, valid_to in rows if kind in keys and status == 'active' and valid_from <= day and day < valid_to -%}
            {%- do in_order.append(keys[kind]) -%}
        {%- endfor -%}
        {%- do best_keys.append((day, 'coalesce(node_key, ' ~ (in_order or keys.values()) | join(', ') ~ ')')) -%}
    {%- endfor -%}
    {{ by_first_day(best_keys, known_on) if best_keys else 'coalesce(node_key, ' ~ keys.values() | join(', ') ~ ')' }}
{%- endmacro %}

{# The views that bring events into the shape of int_cleansing__touch_events. #}
{% macro touch_views() %}
    {{ return([
        'int_cleansing__form_touches', 'int_cleansing__web_touches', 'int_cleansing__wechat_touches',
        'int_cleansing__wecom_touches', 'int_cleansing__event_touches', 'int_cleansing__content_touches',
        'int_cleansing__message_touches', 'int_cleansing__chat_touches', 'int_cleansing__survey_touches',
        'int_cleansing__share_touches', 'int_cleansing__sales_touches',
    ]) }}
{% endmacro %}
