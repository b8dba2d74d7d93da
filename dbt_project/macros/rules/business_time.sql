{# Business time, from the calendar rul_sla__business_days: no loop over minutes, no recursion (DESIGN 5, SLA).
   Instants are local wall-clock timestamps, `day` is the alias of the calendar row of that local date. A date
   beyond the calendar has no row: with a left join every answer is null, never a guess. Fractions of a second
   are cut off. #}

{# Business seconds of the calendar up to an instant. Closed days have empty hours and add nothing. #}
{% macro business_position(local, day) -%}
({{ day }}.cumulative_business_seconds
    + greatest(least({{ second_of_day(local) }}, coalesce({{ day }}.closes_second, 0)) - coalesce({{ day }}.opens_second, 0), 0)
    - greatest(least({{ second_of_day(local) }}, coalesce({{ day }}.break_to_second, 0)) - coalesce({{ day }}.break_from_second, 0), 0))
{%- endmacro %}

{# Business seconds from one instant to another: two equi-joins on the calendar and this subtraction. #}
{% macro business_seconds_between(from_local, from_day, to_local, to_day) -%}
({{ business_position(to_local, to_day) }} - {{ business_position(from_local, from_day) }})
{%- endmacro %}

{# A FROM item with deadline_key, calendar, date_day: the day on which a position of the calendar is reached, that
   is the last working day which begins before it. `targets` has deadline_key, calendar, target (a position), `days`
   the calendar's columns. One sort instead of a range join, so that it costs the same on every engine; due_at
   gives null when the calendar ends before the target. #}
{% macro due_days(targets, days) -%}
(
    select deadline_key, calendar, date_day
    from (
        select
            deadline_key,
            calendar,
            max(opening_day) over (
                partition by calendar order by position, is_day
                rows between unbounded preceding and current row
            ) as date_day
        from (
            select
                cast(null as varchar) as deadline_key, calendar, date_day as opening_day,
                cumulative_business_seconds as position, 1 as is_day
            from {{ days }}
            where business_seconds > 0
            union all
            select deadline_key, calendar, cast(null as date), target, 0
            from {{ targets }}
            where target is not null
        ) as positions
    ) as reached
    where deadline_key is not null
)
{%- endmacro %}

{# The instant, UTC, at which a position of the calendar is reached on `day`: the earliest one, so a budget that ends
   with the working day is due at closing time and not at the next opening. #}
{% macro due_at(target, day) -%}
case when {{ target }} <= {{ day }}.cumulative_business_seconds + {{ day }}.business_seconds then
    {{ utc_time(add_seconds(
        'cast(' ~ day ~ '.date_day as timestamp)',
        day ~ '.opens_second + ' ~ target ~ ' - ' ~ day ~ '.cumulative_business_seconds'
        ~ ' + case when ' ~ day ~ '.opens_second + ' ~ target ~ ' - ' ~ day ~ '.cumulative_business_seconds > '
        ~ day ~ '.break_from_second then ' ~ day ~ '.break_to_second - ' ~ day ~ '.break_from_second else 0 end'
    )) }}
end
{%- endmacro %}

{# Seconds since local midnight, whole. #}
{% macro second_of_day(local) -%}
(3600 * hour({{ local }}) + 60 * minute({{ local }}) + second({{ local }}))
{%- endmacro %}
