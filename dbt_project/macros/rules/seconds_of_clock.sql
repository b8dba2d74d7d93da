{# Seconds since midnight of a clock time HH:MM, null for null. #}
{% macro seconds_of_clock(clock) -%}
(3600 * cast(substr({{ clock }}, 1, 2) as bigint) + 60 * cast(substr({{ clock }}, 4, 2) as bigint))
{%- endmacro %}
