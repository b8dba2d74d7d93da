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
    case when event_type = 'page_view' and page_url is not null then 'page_url' end as qualifier_source_kind,
    case when event_type = 'page_view' then page_url end as qualifier_source_value,
    case event_type
        when 'session' then duration_seconds
        when 'video_play' then completion_pct
        when 'return_visit' then gap_days
    end as measure_value,
    content_ref,
    campaign_ref,
    cast(null as varchar) as rep_ref,
    user_agent,
    cast(null as boolean) as is_auto_reply
from {{ ref('stg_web__events') }}
