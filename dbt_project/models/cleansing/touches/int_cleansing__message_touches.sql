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
    message_channel as event_context,
    cast(null as varchar) as node_key,
    {{ touch_identity() }},
    cast(null as varchar) as qualifier_source_kind,
    cast(null as varchar) as qualifier_source_value,
    cast(null as bigint) as measure_value,
    content_ref,
    campaign_ref,
    cast(null as varchar) as rep_ref,
    user_agent,
    is_auto_reply
from {{ ref('stg_messages__events') }}
