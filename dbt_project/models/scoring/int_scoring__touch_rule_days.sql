{%- set always_from = "cast('2000-01-01' as date)" -%}
{%- set always_to = "cast('9999-12-31' as date)" -%}
-- Touches per subject, engagement rule version and day, with the day-ends that see them and those whose rules give them
-- the word that the rule asks for (R11). Independent of the day-end.
with

touches as (
    select * from {{ ref('int_cleansing__visible_touches') }}
    where not is_automatic
),

rules as (
    select * from {{ ref('rul_scoring__engagement') }}
),

whatever_qualifier as (
    select
        touches.subject_key, rules.rule_key, touches.occurred_on, touches.visible_from, touches.visible_to,
        {{ always_from }} as word_from, {{ always_to }} as word_to
    from touches
    inner join rules
        on
            touches.channel = rules.channel
            and touches.touch_type = rules.touch_type
            and coalesce(touches.measure_value >= rules.measure_min, rules.measure_min is null)
    where rules.qualifier is null
),

-- What the catalogue says is data: with its editions a touch is seen or not. What a rule says depends on the rules in force.
-- Words and rules meet before the touches do: joined to all touches of its type, a rule would bring rows by the million
-- that have another word or none.
words as (
    select
        qualifiers.touch_key, rules.rule_key, rules.measure_min,
        case when qualifiers.is_of_edition then qualifiers.valid_from else {{ always_from }} end as seen_from,
        case when qualifiers.is_of_edition then qualifiers.valid_to else {{ always_to }} end as seen_to,
        case when qualifiers.is_of_edition then {{ always_from }} else qualifiers.valid_from end as word_from,
        case when qualifiers.is_of_edition then {{ always_to }} else qualifiers.valid_to end as word_to
    from {{ ref('int_tagging__touch_qualifiers') }} as qualifiers
    inner join rules
        on
            qualifiers.channel = rules.channel
            and qualifiers.touch_type = rules.touch_type
            and qualifiers.qualifier = rules.qualifier
),

with_qualifier as (
    select
        touches.subject_key, words.rule_key, touches.occurred_on,
        greatest(touches.visible_from, words.seen_from) as visible_from,
        least(touches.visible_to, words.seen_to) as visible_to,
        words.word_from, words.word_to
    from touches
    inner join words
        on
            touches.touch_key = words.touch_key
            and coalesce(touches.measure_value >= words.measure_min, words.measure_min is null)
),

matches as (
    select * from whatever_qualifier
    union all
    select * from with_qualifier
    where greatest(visible_from, word_from) < least(visible_to, word_to)
)

select
    subject_key, rule_key, occurred_on, visible_from, visible_to, word_from, word_to,
    count(*) as touches
from matches
group by subject_key, rule_key, occurred_on, visible_from, visible_to, word_from, word_to
