{{ config(materialized='view') }}

select
    feed || '|' || record_key as touch_key,
    feed,
    record_key,
    delivery_id,
    delivery_row,
    occurred_at,
    occurred_on,
    known_at,
    greatest(known_on, counts_from) as known_on,
    superseded_on,
    channel,
    touch_type,
    touch_rule_key,
    initiative,
    is_response,
    event_type,
    qualifier_source_kind,
    qualifier_source_value,
    measure_value,
    subject_key,
    content_ref,
    campaign_ref,
    rep_ref,
    is_automatic,
    automatic_rule_key
from {{ ref('int_cleansing__touch_events') }}
where touch_rule_key is not null and greatest(known_on, counts_from) < superseded_on
