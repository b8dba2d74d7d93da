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
    case
        when event_type = 'menu_click' and menu_name is not null then 'menu_name'
        when event_type = 'qr_scan' and scene is not null then 'scene'
        when event_type in ('article_read', 'article_share') and content_ref is not null then 'content_ref'
    end as qualifier_source_kind,
    case
        when event_type = 'menu_click' then menu_name
        when event_type = 'qr_scan' then scene
        when event_type in ('article_read', 'article_share') then content_ref
    end as qualifier_source_value,
    cast(null as bigint) as measure_value,
    content_ref,
    cast(null as varchar) as campaign_ref,
    cast(null as varchar) as rep_ref,
    cast(null as varchar) as user_agent,
    cast(null as boolean) as is_auto_reply
from {{ ref('stg_wechat__events') }}
