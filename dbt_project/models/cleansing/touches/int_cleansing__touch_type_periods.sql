-- Which version of a touch type maps an event that became known on a day: the one in force; before the first one, and in
-- a gap, the next one, from whose first day the touch counts. So a word that is mapped later is not lost, and what was
-- published does not change.
with

active_versions as (
    select * from {{ ref('rul_cleansing__touch_types') }}
    where status = 'active'
)

select
    feed,
    event_type,
    coalesce(event_context, '') as event_context,
    coalesce(
        max(valid_to) over (
            partition by feed, event_type, event_context order by valid_from rows between unbounded preceding and 1 preceding
        ),
        cast('0001-01-01' as date)
    ) as known_from,
    valid_to as known_to,
    valid_from as counts_from,
    rule_key,
    channel,
    touch_type,
    initiative,
    is_response
from active_versions
