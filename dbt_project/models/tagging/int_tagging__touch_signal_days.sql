-- Touches that some rule listens to as a signal, per subject and day, with the day-ends that see them.
-- Independent of the day-end, so the next day reads what today wrote.
with

touches as (
    select * from {{ ref('int_cleansing__visible_touches') }}
),

definitions as (
    select * from {{ ref('int_tagging__signal_definitions') }}
    where signal_kind = 'touch'
),

whatever_qualifier as (
    select
        touches.subject_key, definitions.signal_key, touches.occurred_on, touches.visible_from, touches.visible_to,
        touches.touch_key
    from touches
    inner join definitions
        on
            touches.channel || '.' || touches.touch_type = definitions.signal
            and coalesce(touches.measure_value >= definitions.measure_min, definitions.measure_min is null)
    where definitions.qualifier is null
),

-- Words and definitions meet before the touches do, as in int_scoring__touch_rule_days.
words as (
    select
        qualifiers.touch_key, definitions.signal_key, definitions.measure_min, qualifiers.valid_from, qualifiers.valid_to
    from {{ ref('int_tagging__touch_qualifiers') }} as qualifiers
    inner join definitions
        on
            qualifiers.channel || '.' || qualifiers.touch_type = definitions.signal
            and qualifiers.qualifier = definitions.qualifier
),

with_qualifier as (
    select
        touches.subject_key, words.signal_key, touches.occurred_on,
        greatest(touches.visible_from, words.valid_from) as visible_from,
        least(touches.visible_to, words.valid_to) as visible_to,
        touches.touch_key
    from touches
    inner join words
        on
            touches.touch_key = words.touch_key
            and coalesce(touches.measure_value >= words.measure_min, words.measure_min is null)
),

signals as (
    select * from whatever_qualifier
    union all
    select * from with_qualifier
    where visible_from < visible_to
)

select
    subject_key, signal_key, occurred_on, visible_from, visible_to,
    min(touch_key) as source_key,
    count(*) as touches
from signals
group by subject_key, signal_key, occurred_on, visible_from, visible_to
