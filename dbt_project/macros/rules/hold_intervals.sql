{# Hysteresis with a minimum stay, in closed form (DESIGN 5 Maturity).

   spans: a relation with one row per thing × state × span of days that share one strength, spans without gaps:
   the columns in `keys`, span_from, span_to (exclusive), is_entered (strong enough to enter), is_below_leave, stay_days.
   Returns one row per stretch during which the state is held: keys, held_from, held_to (exclusive, 9999-12-31 while held).

   A state is held from a day on which it is entered until the day that completes stay_days consecutive days below leave.
   All spans are put in order once; what is looked at afterwards are the few on which something turns. #}
{% macro hold_intervals(spans, keys) %}
{% set key_list = keys | join(', ') %}
    with

    ordered as (
        select
            {{ key_list }}, span_from, is_entered, is_below_leave, greatest(stay_days, 1) as stay_days,
            lag(is_entered) over (partition by {{ key_list }} order by span_from) as was_entered,
            lag(is_below_leave) over (partition by {{ key_list }} order by span_from) as was_below_leave,
            last_value(span_to) over (
                partition by {{ key_list }} order by span_from rows between unbounded preceding and unbounded following
            ) as ends_on
        from {{ spans }}
    ),

    runs as (
        select
            o.*,
            coalesce(lead(span_from) over (partition by {{ key_list }} order by span_from), ends_on) as run_to
        from ordered as o
        where was_below_leave is null or was_below_leave <> is_below_leave
    ),

    drops as (
        select {{ key_list }}, {{ add_days('span_from', 'stay_days - 1') }} as dropped_on
        from runs
        where is_below_leave and {{ days_between('span_from', 'run_to') }} >= stay_days
    ),

    -- An entry right after another, neither of them low, has the same drop ahead.
    entries as (
        select {{ key_list }}, span_from
        from ordered
        where is_entered and (is_below_leave or not coalesce(was_entered and not was_below_leave, false))
    ),

    entries_with_next_drop as (
        select
            {% for key in keys %}e.{{ key }},{% endfor %}
            e.span_from,
            coalesce(min(d.dropped_on), cast('9999-12-31' as date)) as held_to
        from entries as e
        left join drops as d
            on
                {% for key in keys %}e.{{ key }} = d.{{ key }} and {% endfor %}
                d.dropped_on > e.span_from
        group by {% for key in keys %}e.{{ key }}, {% endfor %}e.span_from
    )

    select {{ key_list }}, min(span_from) as held_from, held_to
    from entries_with_next_drop
    group by {{ key_list }}, held_to
{% endmacro %}

{# Of the states that are held on a day the furthest one, as stays. holds: a relation with the columns in `keys`, state,
   state_order, rule_key, valid_from, valid_to (exclusive). Returns keys, path_no, state, state_order, rule_key, entered_on,
   left_on (exclusive; the day after the day-end while the stay lasts). Days without any state are no stay. #}
{% macro furthest_held(holds, keys=['as_of_date', 'lead_id']) %}
{% set key_list = keys | join(', ') %}
    with

    spans as (
        {{ spans_of(holds, keys) }}
    ),

    ranked as (
        select
            spans.*, h.state, h.state_order, h.rule_key,
            row_number() over (
                partition by {% for key in keys %}spans.{{ key }}, {% endfor %}spans.span_from
                order by h.state_order desc
            ) as state_rank
        from spans
        inner join {{ holds }} as h
            on
                {% for key in keys %}spans.{{ key }} = h.{{ key }} and {% endfor %}
                h.valid_from <= spans.span_from
                and spans.span_from < h.valid_to
        where spans.span_to is not null
    ),

    furthest as (
        select
            r.*,
            case when
                lag(state) over (partition by {{ key_list }} order by span_from) = state
                and lag(span_to) over (partition by {{ key_list }} order by span_from) = span_from
                then 0 else 1
            end as starts_a_stay
        from ranked as r
        where state_rank = 1
    ),

    stays as (
        select
            f.*,
            sum(starts_a_stay) over (partition by {{ key_list }} order by span_from rows unbounded preceding) as path_no
        from furthest as f
    )

    select
        {{ key_list }},
        path_no,
        max(state) as state,
        max(state_order) as state_order,
        max(rule_key) as rule_key,
        min(span_from) as entered_on,
        max(span_to) as left_on
    from stays
    group by {{ key_list }}, path_no
{% endmacro %}

{# Cuts the time of a thing into spans at every date on which something begins or ends, up to and including the day-end.
   intervals: a relation with the columns in `keys`, valid_from, valid_to (exclusive). #}
{% macro spans_of(intervals, keys=['as_of_date', 'lead_id']) %}
{% set key_list = keys | join(', ') %}
    select
        {{ key_list }},
        boundary_on as span_from,
        lead(boundary_on) over (partition by {{ key_list }} order by boundary_on) as span_to
    from (
        select {{ key_list }}, valid_from as boundary_on from {{ intervals }}
        union
        select {{ key_list }}, least(valid_to, {{ add_days('as_of_date', 1) }}) as boundary_on from {{ intervals }}
        union
        select {{ key_list }}, {{ add_days('as_of_date', 1) }} as boundary_on from {{ intervals }}
    ) as boundaries
    where boundary_on <= {{ add_days('as_of_date', 1) }}
{% endmacro %}
