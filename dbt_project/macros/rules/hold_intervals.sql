{# Hysteresis with a minimum stay, in closed form (DESIGN 5 Maturity).

   spans: a relation with one row per thing × state × span of days that share one strength, spans without gaps:
   the columns in `keys`, span_from, span_to (exclusive), is_entered (strong enough to enter), is_below_leave, stay_days.
   Returns one row per stretch during which the state is held: keys, held_from, held_to (exclusive, 9999-12-31 while held).

   A state is held from a day on which it is entered until the day that completes stay_days consecutive days below leave. #}
{% macro hold_intervals(spans, keys) %}
{% set key_list = keys | join(', ') %}
    with

    numbered as (
        select
            s.*,
            case when lag(is_below_leave) over (partition by {{ key_list }} order by span_from) = is_below_leave then 0 else 1 end
                as starts_a_run
        from {{ spans }} as s
    ),

    runs as (
        select
            n.*,
            sum(starts_a_run) over (partition by {{ key_list }} order by span_from rows unbounded preceding) as run_no
        from numbered as n
    ),

    low_runs as (
        select {{ key_list }}, run_no, min(span_from) as run_from, max(span_to) as run_to, max(stay_days) as stay_days
        from runs
        where is_below_leave
        group by {{ key_list }}, run_no
    ),

    drops as (
        select {{ key_list }}, {{ add_days('run_from', 'greatest(stay_days, 1) - 1') }} as dropped_on
        from low_runs
        where {{ days_between('run_from', 'run_to') }} >= greatest(stay_days, 1)
    ),

    entries_with_next_drop as (
        select
            {% for key in keys %}e.{{ key }},{% endfor %}
            e.span_from,
            coalesce(min(d.dropped_on), cast('9999-12-31' as date)) as held_to
        from runs as e
        left join drops as d
            on
                {% for key in keys %}e.{{ key }} = d.{{ key }} and {% endfor %}
                d.dropped_on > e.span_from
        where e.is_entered
        group by {% for key in keys %}e.{{ key }}, {% endfor %}e.span_from
    )

    select {{ key_list }}, min(span_from) as held_from, held_to
    from entries_with_next_drop
    group by {{ key_list }}, held_to
{% endmacro %}

{# Cuts the time of a thing into spans at every date on which something begins or ends, up to and including the day-end.
   intervals: a relation with as_of_date, lead_id, valid_from, valid_to (exclusive). #}
{% macro spans_of(intervals) %}
    select
        as_of_date,
        lead_id,
        boundary_on as span_from,
        lead(boundary_on) over (partition by as_of_date, lead_id order by boundary_on) as span_to
    from (
        select as_of_date, lead_id, valid_from as boundary_on from {{ intervals }}
        union
        select as_of_date, lead_id, least(valid_to, {{ add_days('as_of_date', 1) }}) as boundary_on from {{ intervals }}
        union
        select as_of_date, lead_id, {{ add_days('as_of_date', 1) }} as boundary_on from {{ intervals }}
    ) as boundaries
    where boundary_on <= {{ add_days('as_of_date', 1) }}
{% endmacro %}
