-- Within one turn and one group of facts the rule with the smallest (priority, rule_id) speaks: 没有预算 is no budget,
-- not a budget. A fact that is said twice in a call is one fact with its first quote.
with

in_force as (
    select day_ends.as_of_date, hits.*
    from {{ ref('int_tagging__call_fact_hits') }} as hits
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on
            hits.known_on <= day_ends.as_of_date
            and day_ends.as_of_date < hits.superseded_on
            and hits.occurred_on <= day_ends.as_of_date
            and {{ active_on('hits', 'day_ends.as_of_date') }}
),

spoken as (
    select
        in_force.*,
        row_number() over (
            partition by as_of_date, feed, record_key, quote, fact_group
            order by priority, rule_id
        ) as rule_rank
    from in_force
),

first_said as (
    select
        spoken.*,
        row_number() over (
            partition by as_of_date, feed, record_key, fact_kind
            order by priority, rule_id, quote
        ) as said_rank
    from spoken
    where rule_rank = 1
)

select
    as_of_date,
    feed || '|' || record_key as touch_key,
    feed,
    record_key,
    fact_kind,
    fact_group,
    polarity,
    quote,
    rule_id,
    rule_key,
    occurred_on,
    known_on
from first_said
where said_rank = 1
