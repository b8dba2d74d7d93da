{{ config(materialized='table') }}
{#- The current day-end is var as_of_date or, without it, the last one whose cut-off the newest receipt has passed:
    a receipt with knowledge date K lies at or after K's cut-off hour, so the day-end before K is complete. -#}
{%- set history_days = var('history_days') | int -%}
{%- set computed_days = var('days_to_compute') | int if var('days_to_compute') | string else history_days -%}
{%- set month_ends = var('history_month_ends') | int -%}
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

{% if month_ends -%}
days_before as (

    select
        {{ add_days('current_day_end.as_of_date', '-' ~ days_between(origin, 'spine.date_day')) }} as as_of_date
    from current_day_end
    cross join {{ date_spine(add_days(origin, history_days + 1), add_days(origin, history_days + 31 * (month_ends + 1))) }} as spine

),

month_ends_before as (

    select as_of_date, row_number() over (order by as_of_date desc) as months_ago
    from days_before
    where extract(day from {{ add_days('as_of_date', 1) }}) = 1

),

{% endif -%}
day_ends as (

    select
        {{ add_days('current_day_end.as_of_date', '-' ~ days_between(origin, 'spine.date_day')) }} as as_of_date,
        spine.date_day = {{ origin }} as is_current,
        true as is_in_series
    from current_day_end
    cross join {{ date_spine(origin, add_days(origin, computed_days)) }} as spine
    {% if month_ends %}
    union all
    select as_of_date, false as is_current, false as is_in_series
    from month_ends_before
    where months_ago <= {{ month_ends }}
    {% endif %}

)

select
    as_of_date,
    {{ day_end_at('as_of_date') }} as as_of_at,
    least({{ day_end_at('as_of_date') }}, coalesce(newest_receipt.known_at, {{ day_end_at('as_of_date') }})) as clock_at,
    {{ utc_time(add_hours('cast(' ~ add_days('as_of_date', 1) ~ ' as timestamp)', var('cutoff_hour'))) }} as known_until_at,
    is_current,
    is_in_series
from day_ends
cross join newest_receipt
