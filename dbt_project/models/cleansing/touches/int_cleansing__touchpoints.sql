{#- The subject is the most trusted key of the row (rul_cleansing__identity_keys); a record that is a person by itself
    (form, registration) is its own subject. -#}
select
    events.feed || '|' || events.record_key as touch_key,
    events.feed,
    events.record_key,
    events.delivery_id,
    events.delivery_row,
    events.occurred_at,
    events.occurred_on,
    events.known_at,
    greatest(events.known_on, types.counts_from) as known_on,
    events.superseded_on,
    types.channel,
    types.touch_type,
    types.rule_key as touch_rule_key,
    types.initiative,
    types.is_response,
    events.event_type,
    events.qualifier_source_kind,
    events.qualifier_source_value,
    events.measure_value,
    coalesce({{ subject_columns() | join(', ') }}) as subject_key,
    events.content_ref,
    events.campaign_ref,
    events.rep_ref,
    automatic.rule_key is not null as is_automatic,
    automatic.rule_key as automatic_rule_key
from {{ ref('int_cleansing__touch_events') }} as events
inner join {{ ref('int_cleansing__touch_type_periods') }} as types
    on
        events.feed = types.feed
        and events.event_type = types.event_type
        and events.event_context = types.event_context
        and events.known_on >= types.known_from
        and events.known_on < types.known_to
left join {{ ref('int_cleansing__automatic_touches') }} as automatic
    on
        events.feed = automatic.feed
        and events.delivery_id = automatic.delivery_id
        and events.delivery_row = automatic.delivery_row
