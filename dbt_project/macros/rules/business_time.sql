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

{# The join of an instant with its row `day` of a calendar, as known on a day: a year that is announced later is not seen. #}
{% macro is_day_of(local, day, calendar, known_on) -%}
({{ calendar }} = {{ day }}.calendar
    and cast({{ local }} as date) = {{ day }}.date_day
    and {{ day }}.known_from <= {{ known_on }})
{%- endmacro %}

{# Business seconds from one instant to another: two equi-joins on the calendar and this subtraction. #}
{% macro business_seconds_between(from_local, from_day, to_local, to_day) -%}
({{ business_position(to_local, to_day) }} - {{ business_position(from_local, from_day) }})
{%- endmacro %}

{# A FROM item with the working days of the calendar, each once for every two hours of the calendar's own time that it touches:
   so a position finds its day by an equi-join and not by a search, which costs the same on every engine. #}
{% macro due_days(days) -%}
(
    select
        calendar, date_day, known_from, business_seconds, cumulative_business_seconds, opens_second, break_from_second,
        break_to_second,
        {{ floor_div('cumulative_business_seconds', 7200) }} + hours_later as two_hours
    from {{ days }}
    cross join (
        {%- for hours_later in range(13) %}
        select {{ hours_later }} as hours_later {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as later
    where
        business_seconds > 0
        and {{ floor_div('cumulative_business_seconds', 7200) }} + hours_later
        <= {{ floor_div('cumulative_business_seconds + business_seconds', 7200) }}
)
{%- endmacro %}

{# The join of a position (beside calendar = calendar) with the one day of due_days on which it is reached first: a position
   between two working days is reached at the end of the former. No day when the calendar ends before it. #}
{% macro is_due_on(target, day) -%}
{{ floor_div(target, 7200) }} = {{ day }}.two_hours
    and {{ day }}.cumulative_business_seconds < {{ target }}
    and {{ target }} <= {{ day }}.cumulative_business_seconds + {{ day }}.business_seconds
{%- endmacro %}

{# The instant, UTC, at which a position of the calendar is reached on `day`: the earliest one, so a budget that ends
   with the working day is due at closing time and not at the next opening. zone: of the wall clock, as in utc_time. #}
{% macro due_at(target, day, zone=none) -%}
{{ utc_time(add_seconds(
    'cast(' ~ day ~ '.date_day as timestamp)',
    day ~ '.opens_second + ' ~ target ~ ' - ' ~ day ~ '.cumulative_business_seconds'
    ~ ' + case when ' ~ day ~ '.opens_second + ' ~ target ~ ' - ' ~ day ~ '.cumulative_business_seconds > '
    ~ day ~ '.break_from_second then ' ~ day ~ '.break_to_second - ' ~ day ~ '.break_from_second else 0 end'
), zone) }}
{%- endmacro %}

{# Seconds since local midnight, whole. #}
{% macro second_of_day(local) -%}
(3600 * hour({{ local }}) + 60 * minute({{ local }}) + second({{ local }}))
{%- endmacro %}
