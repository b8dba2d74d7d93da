{# Rules that become constants of the SQL hold on their own days only: a model that takes only the newest version tells
   another past as soon as a row is appended. These two make one expression of all versions. #}

{# The days on which anything begins or ends in rows of (…, valid_from, valid_to), dates as text, in order. #}
{% macro first_days(rows) %}
    {% set days = [] %}
    {% for row in rows %}
        {% for day in [row[-2], row[-1]] if day not in days and day != '9999-12-31' %}{% do days.append(day) %}{% endfor %}
    {% endfor %}
    {{ return(days | sort) }}
{% endmacro %}

{# The expression that holds on a day. expressions: (first day, expression), in order; days before the first take the first. #}
{% macro by_first_day(expressions, on_date) %}
    {% if expressions | length == 1 %}{{ return(expressions[0][1]) }}{% endif %}
    {% set cases = [] %}
    {% for day, expression in expressions[1:] %}
        {% do cases.append('when ' ~ on_date ~ " < cast('" ~ day ~ "' as date) then " ~ expressions[loop.index0][1]) %}
    {% endfor %}
    {{ return('case ' ~ cases | join(' ') ~ ' else ' ~ expressions[-1][1] ~ ' end') }}
{% endmacro %}
