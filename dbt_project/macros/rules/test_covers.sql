{# The half-open spans lower … upper of the rule versions in force cover start … end without gap or overlap for every
   value of `by`, on every day on which a version begins. #}
{% test covers(model, by, lower, upper, start, end) %}
with spans as (
    select
        days.on_date,
        r.{{ by }},
        r.{{ lower }} as span_from,
        r.{{ upper }} as span_to,
        lag(r.{{ upper }}, 1, {{ start }}) over (partition by days.on_date, r.{{ by }} order by r.{{ lower }}) as expected_from,
        lead(r.{{ lower }}, 1, {{ end }}) over (partition by days.on_date, r.{{ by }} order by r.{{ lower }}) as expected_to
    from {{ model }} as r
    inner join (select distinct valid_from as on_date from {{ model }}) as days
        on {{ active_on('r', 'days.on_date') }}
)

select *
from spans
where span_from != expected_from or span_to != expected_to or span_from >= span_to
{% endtest %}
