{{ config(materialized='view') }}

{%- set technical = 'feed, record_key, delivery_id, delivery_row, source_system, ref_system, is_deleted, custom_attributes,
    known_at, known_on, occurred_at, occurred_on' %}
{%- set contact_data = ['person_name', 'company_name', 'job_title', 'department', 'email', 'phone', 'wechat_account_id',
    'openid', 'unionid', 'corp_id', 'external_userid'] %}

select
    {{ technical }},
    modified_at,
    {{- person_attributes(
        contact_data + [
            'mobile', 'visitor_id', 'website', 'country', 'province', 'city', 'industry_text', 'industry_code', 'headcount',
            'annual_revenue_wan', 'budget_wan', 'campaign_ref', 'owner_ref', 'account_ref', 'crm_status', 'email_opt_out',
            'do_not_call',
        ],
        {
            'company_standing_text': 'company_standing',
            'product_interest_text': 'product_interest',
            'purchase_timeline_text': 'purchase_timeline',
            'decision_process_text': 'decision_process',
            'need_text': "nullif(concat_ws(' | ', need_description, note), '')",
            'source_channel_text': 'coalesce(source_channel, source_detail)',
            'crm_lead_id': 'lead_id',
            'related_lead_ref': 'merged_into_ref',
        },
    ) }}
from {{ ref('stg_crm__leads') }}
union all
select
    {{ technical }},
    modified_at,
    {{- person_attributes(
        contact_data + ['mobile', 'owner_ref', 'account_ref', 'email_opt_out', 'do_not_call'],
        {'need_text': 'note', 'related_lead_ref': 'lead_ref', 'crm_contact_id': 'contact_id'},
    ) }}
from {{ ref('stg_crm__contacts') }}
union all
select
    {{ technical }},
    submitted_at as modified_at,
    {{- person_attributes(
        contact_data + ['visitor_id', 'province', 'city', 'industry_text', 'headcount', 'budget_wan', 'campaign_ref'],
        {
            'product_interest_text': 'product_interest',
            'purchase_timeline_text': 'purchase_timeline',
            'need_text': 'message',
            'source_channel_text': "coalesce(nullif(concat_ws(' ', utm_source, utm_medium), ''), 'web form')",
            'related_lead_ref': 'lead_ref',
        },
    ) }}
from {{ ref('stg_web__form_submissions') }}
union all
select
    {{ technical }},
    occurred_at as modified_at,
    {{- person_attributes(
        contact_data + ['visitor_id', 'campaign_ref'],
        {'source_channel_text': "event_format || ' event'", 'related_lead_ref': 'lead_ref'},
    ) }}
from {{ ref('stg_events__participations') }}
where event_type = 'registered'
