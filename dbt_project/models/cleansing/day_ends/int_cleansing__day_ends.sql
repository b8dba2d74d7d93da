{#- The current day-end is var as_of_date or, without it, the last one whose cut-off the newest receipt has passed:
    a receipt with knowledge date K lies at or after K's cut-off hour, so the day-end before K is complete. -#}
{%- set history_days = var('history_days') | int -%}
{%- set origin = "cast('2000-01-01' as date)" -%}

with newest_receipt as (

    select max(known_at) as known_at
    from {{ ref('stg_lake__receipts') }}
    where status in ('loaded', 'repeated', 'quarantined')

),

current_day_end as (

    select
        {% if var('as_of_date') -%}
        cast('{{ var("as_of_date") }}' as date) as as_of_date
        {%- else -%}
        {{ add_days(knowledge_date('known_at'), -1) }} as as_of_date
        {%- endif %}
    from newest_receipt
    where known_at is not null

),

day_ends as (

    select
        {{ add_days('current_day_end.as_of_date', '-' ~ days_between(origin, 'spine.date_day')) }} as as_of_date,
        spine.date_day = {{ origin }} as is_current
    from current_day_end
    cross join {{ date_spine(origin, add_days(origin, history_days)) }} as spine

)

select
    as_of_date,
    {{ utc_time('cast(' ~ add_days('as_of_date', 1) ~ ' as timestamp)') }} as as_of_at,
    {{ utc_time(add_hours('cast(' ~ add_days('as_of_date', 1) ~ ' as timestamp)', var('cutoff_hour'))) }} as known_until_at,
    is_current
from day_ends
