-- Why a record is held back at a day-end: the heaviest verdict of the rule versions in force that day which are neither
-- suspended for its delivery nor excepted for its value.
with

hits as (
    select * from {{ ref('int_cleansing__verdict_hits') }}
    where verdict in ('quarantine', 'reject')
),

hits_in_force as (
    select
        day_ends.as_of_date,
        hits.*
    from hits
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on
            hits.known_on <= day_ends.as_of_date
            and hits.stands_from <= day_ends.as_of_date
            and day_ends.as_of_date < hits.stands_to
    left join {{ ref('int_cleansing__suspended_checks') }} as suspended
        on
            hits.delivery_id = suspended.delivery_id
            and hits.feed = suspended.feed
            and hits.rule_key = suspended.rule_key
            and suspended.suspended_from <= day_ends.as_of_date
    where suspended.rule_key is null
),

exempt as (
    select * from {{ ref('int_cleansing__exempt_hits') }}
),

standing_hits as (
    select hits_in_force.*
    from hits_in_force
    left join exempt
        on
            hits_in_force.feed = exempt.feed
            and hits_in_force.delivery_id = exempt.delivery_id
            and hits_in_force.delivery_row = exempt.delivery_row
            and hits_in_force.rule_key = exempt.rule_key
            and {{ active_on('exempt', 'hits_in_force.as_of_date') }}
    where exempt.rule_key is null
),

heaviest_first as (
    select
        *,
        row_number() over (
            partition by as_of_date, feed, delivery_id, delivery_row
            order by case verdict when 'reject' then 1 else 2 end, rule_key
        ) as verdict_rank
    from standing_hits
)

select
    as_of_date,
    feed,
    record_key,
    delivery_id,
    delivery_row,
    verdict,
    rule_key
from heaviest_first
where verdict_rank = 1
