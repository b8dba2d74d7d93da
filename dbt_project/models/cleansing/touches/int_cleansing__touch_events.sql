{{ config(materialized='view') }}

with

events as (
    {% for touch_view in touch_views() %}
    select * from {{ ref(touch_view) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

normalised as (
    select
        *,
        {{ normal_email('email') }} as normal_email,
        {{ normal_phone('phone') }} as normal_phone
    from events
)

select
    events.feed,
    events.record_key,
    events.delivery_id,
    events.delivery_row,
    events.occurred_at,
    events.occurred_on,
    events.known_at,
    events.known_on,
    coalesce(repeated.superseded_on, cast('9999-12-31' as date)) as superseded_on,
    events.event_type,
    coalesce(events.event_context, '') as event_context,
    events.qualifier_source_kind,
    events.qualifier_source_value,
    events.measure_value,
    events.content_ref,
    events.campaign_ref,
    events.rep_ref,
    events.user_agent,
    coalesce(events.is_auto_reply, false) as is_auto_reply,
    events.node_key,
    {{ identity_key('crm_lead', "events.ref_system || ':' || events.lead_ref") }} as crm_lead_key,
    {{ identity_key('crm_contact', "events.ref_system || ':' || events.contact_ref") }} as crm_contact_key,
    {{ identity_key('unionid', 'events.unionid') }} as unionid_key,
    {{ identity_key('external_userid', external_userid_of_corp()) }} as external_userid_key,
    {{ identity_key('openid', openid_of_account()) }} as openid_key,
    {{ identity_key('email', 'events.normal_email') }} as email_key,
    {{ identity_key('mobile', 'case when ' ~ is_mobile_number('events.normal_phone') ~ ' then events.normal_phone end') }} as mobile_key,
    {{ identity_key('visitor', 'events.visitor_id') }} as visitor_key
from normalised as events
left join {{ ref('int_cleansing__repeated_events') }} as repeated
    on
        events.feed = repeated.feed
        and events.delivery_id = repeated.delivery_id
        and events.delivery_row = repeated.delivery_row
where not events.is_deleted and (repeated.feed is null or events.known_on < repeated.superseded_on)
