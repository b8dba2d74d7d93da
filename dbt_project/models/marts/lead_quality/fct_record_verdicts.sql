with

current_day_end as (
    select as_of_date
    from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

-- A list that catches a value, lets it go and catches it again makes several hits of one; the last one speaks.
hits as (
    select
        hits.*,
        current_day_end.as_of_date,
        row_number() over (
            partition by hits.feed, hits.delivery_id, hits.delivery_row, hits.rule_key
            order by hits.stands_from desc
        ) as hit_rank
    from {{ ref('int_cleansing__verdict_hits') }} as hits
    inner join current_day_end
        on hits.known_on <= current_day_end.as_of_date and hits.stands_from <= current_day_end.as_of_date
),

exempt as (
    select distinct
        exempt_hits.feed,
        exempt_hits.delivery_id,
        exempt_hits.delivery_row,
        exempt_hits.rule_key
    from {{ ref('int_cleansing__exempt_hits') }} as exempt_hits
    inner join current_day_end on {{ active_on('exempt_hits', 'current_day_end.as_of_date') }}
)

select
    cast(hits.feed as varchar) as feed,
    cast(hits.record_key as varchar) as record_key,
    cast(hits.delivery_id as varchar) as delivery_id,
    cast(hits.delivery_row as bigint) as delivery_row,
    cast(hits.known_on as date) as known_on,
    cast(hits.attribute as varchar) as attribute,
    cast(hits.rule_key as varchar) as rule_key,
    cast(hits.rule_id as varchar) as rule_id,
    cast(hits.verdict as varchar) as verdict,
    cast(hits.value_text as varchar) as value_text,
    cast(
        hits.as_of_date < hits.stands_to
        and suspended.rule_key is null
        and exempt.rule_key is null as boolean
    ) as is_in_force
from hits
left join {{ ref('int_cleansing__suspended_checks') }} as suspended
    on
        hits.delivery_id = suspended.delivery_id
        and hits.feed = suspended.feed
        and hits.rule_key = suspended.rule_key
        and suspended.suspended_from <= hits.as_of_date
left join exempt
    on
        hits.feed = exempt.feed
        and hits.delivery_id = exempt.delivery_id
        and hits.delivery_row = exempt.delivery_row
        and hits.rule_key = exempt.rule_key
where hits.hit_rank = 1
