{# The columns of the rule versions in force add up to 100 for every value of `by`, on every day on which a version begins. #}
{% test adds_up_to_100(model, columns, by) %}
select
    days.on_date,
    {% for column in by %}r.{{ column }},{% endfor %}
    sum({% for column in columns %}r.{{ column }}{{ ' + ' if not loop.last }}{% endfor %}) as total
from {{ model }} as r
inner join (select distinct valid_from as on_date from {{ model }}) as days
    on {{ active_on('r', 'days.on_date') }}
group by days.on_date{% for column in by %}, r.{{ column }}{% endfor %}
having sum({% for column in columns %}r.{{ column }}{{ ' + ' if not loop.last }}{% endfor %}) != 100
{% endtest %}
