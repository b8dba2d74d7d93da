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
    'answered' as event_type,
    '' as event_context,
    cast(null as varchar) as node_key,
    {{ touch_identity() }},
    cast(null as varchar) as qualifier_source_kind,
    cast(null as varchar) as qualifier_source_value,
    cast(null as bigint) as measure_value,
    cast(null as varchar) as content_ref,
    cast(null as varchar) as campaign_ref,
    cast(null as varchar) as rep_ref,
    cast(null as varchar) as user_agent,
    cast(null as boolean) as is_auto_reply
from {{ ref('stg_surveys__answers') }}
