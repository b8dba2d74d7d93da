{{ config(materialized='view') }}

select
    feed,
    record_key,
    delivery_id,
    delivery_row,
    is_deleted,
    known_at,
    known_on,
    occurred_at,
    occurred_on,
    'submitted' as event_type,
    '' as event_context,
    feed || '|' || record_key as node_key,
    {{ touch_identity() }},
    case when form_purpose is not null then 'form_purpose' when form_name is not null then 'form_name' end as qualifier_source_kind,
    coalesce(form_purpose, form_name) as qualifier_source_value,
    cast(length(message) as bigint) as measure_value,
    content_ref,
    campaign_ref,
    cast(null as varchar) as rep_ref,
    cast(null as varchar) as user_agent,
    cast(null as boolean) as is_auto_reply
from {{ ref('stg_web__form_submissions') }}
