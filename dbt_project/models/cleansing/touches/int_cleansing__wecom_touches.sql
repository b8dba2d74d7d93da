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
        when event_type = 'contact_added' and added_by is not null then 'added_by'
        when event_type = 'material_opened' and content_ref is not null then 'content_ref'
    end as qualifier_source_kind,
    case
        when event_type = 'contact_added' then added_by
        when event_type = 'material_opened' then content_ref
    end as qualifier_source_value,
    cast(null as bigint) as measure_value,
    content_ref,
    cast(null as varchar) as campaign_ref,
    rep_ref,
    cast(null as varchar) as user_agent,
    cast(null as boolean) as is_auto_reply
from {{ ref('stg_wecom__events') }}
