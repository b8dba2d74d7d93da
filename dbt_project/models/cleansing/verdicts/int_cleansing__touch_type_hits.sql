-- Events whose type no rule maps on the day they become known. A hit ends on the day from which a version maps the type.
with

rules as (
    select * from {{ ref('rul_cleansing__verdicts') }}
    where check_kind = 'unknown_touch_type' and status = 'active'
)

select
    events.feed,
    events.record_key,
    events.delivery_id,
    events.delivery_row,
    events.known_on,
    rules.attribute,
    rules.rule_key,
    rules.rule_id,
    rules.verdict,
    events.event_type || case when events.event_context <> '' then ' / ' || events.event_context else '' end as value_text,
    types.counts_from as resolved_on
from {{ ref('int_cleansing__touch_events') }} as events
inner join rules on events.feed = rules.feed
left join {{ ref('int_cleansing__touch_type_periods') }} as types
    on
        events.feed = types.feed
        and events.event_type = types.event_type
        and events.event_context = types.event_context
        and events.known_on >= types.known_from
        and events.known_on < types.known_to
where types.rule_key is null or types.counts_from > events.known_on
