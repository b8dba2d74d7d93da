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
    event_format as event_context,
    case when event_type = 'registered' then feed || '|' || record_key end as node_key,
    {{ touch_identity() }},
    cast(null as varchar) as qualifier_source_kind,
    cast(null as varchar) as qualifier_source_value,
    minutes as measure_value,
    content_ref,
    campaign_ref,
    cast(null as varchar) as rep_ref,
    cast(null as varchar) as user_agent,
    cast(null as boolean) as is_auto_reply
from {{ ref('stg_events__participations') }}
