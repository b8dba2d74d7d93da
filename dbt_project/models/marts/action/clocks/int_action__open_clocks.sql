{{ config(schema='action') }}
-- Of a lead's unanswered clocks the one to act on first: the worst state, then the earliest deadline.
with

ranked as (
    select
        lead_id,
        clock_key,
        rule_key,
        state,
        due_at,
        row_number() over (
            partition by lead_id
            order by
                case state when 'breached' then 1 when 'due_soon' then 2 when 'running' then 3 else 4 end,
                due_at nulls last,
                clock_key
        ) as clock_rank
    from {{ ref('fct_response_clocks') }}
    where stopped_at is null
)

select lead_id, clock_key, rule_key, state, due_at
from ranked
where clock_rank = 1
