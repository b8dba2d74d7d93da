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
    events.counts_from as resolved_on
from {{ ref('int_cleansing__touch_events') }} as events
inner join rules on events.feed = rules.feed
where events.touch_rule_key is null or events.counts_from > events.known_on
