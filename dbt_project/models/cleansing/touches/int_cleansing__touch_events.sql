{#- The one pass over the raw events: everything that depends on the event alone is decided here, and the wide columns
    stay behind. The subject is the most trusted key of the row by the rules of the day it
    became known (rul_cleansing__identity_keys); a record that is a person by
    itself (form, registration) is its own subject. -#}
with

events as (
    {% for touch_view in touch_views() %}
    select * from {{ ref(touch_view) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

versions as (
    select
        events.*,
        coalesce(repeated.superseded_on, cast('9999-12-31' as date)) as superseded_on
    from events
    left join {{ ref('int_cleansing__repeated_events') }} as repeated
        on
            events.feed = repeated.feed
            and events.delivery_id = repeated.delivery_id
            and events.delivery_row = repeated.delivery_row
    where not events.is_deleted and (repeated.feed is null or events.known_on < repeated.superseded_on)
),

described as (
    select
        feed,
        record_key,
        delivery_id,
        delivery_row,
        occurred_at,
        occurred_on,
        known_at,
        known_on,
        superseded_on,
        event_type,
        coalesce(event_context, '') as event_context,
        qualifier_source_kind,
        qualifier_source_value,
        measure_value,
        content_ref,
        campaign_ref,
        rep_ref,
        {{ subject_key('known_on') }} as subject_key
    from versions
)

select
    described.*,
    types.rule_key as touch_rule_key,
    types.counts_from,
    types.channel,
    types.touch_type,
    types.initiative,
    types.is_response,
    automatic.rule_key is not null as is_automatic,
    automatic.rule_key as automatic_rule_key
from described
left join {{ ref('int_cleansing__touch_type_periods') }} as types
    on
        described.feed = types.feed
        and described.event_type = types.event_type
        and described.event_context = types.event_context
        and described.known_on >= types.known_from
        and described.known_on < types.known_to
left join {{ ref('int_cleansing__automatic_touches') }} as automatic
    on
        described.feed = automatic.feed
        and described.delivery_id = automatic.delivery_id
        and described.delivery_row = automatic.delivery_row
