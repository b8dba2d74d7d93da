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
    event_type,
    '' as event_context,
    cast(null as varchar) as node_key,
    {{ touch_identity() }},
    'content_ref' as qualifier_source_kind,
    content_ref as qualifier_source_value,
    case when event_type = 'read_online' then completion_pct end as measure_value,
    content_ref,
    campaign_ref,
    cast(null as varchar) as rep_ref,
    cast(null as varchar) as user_agent,
    cast(null as boolean) as is_auto_reply
from {{ ref('stg_content__downloads') }}
