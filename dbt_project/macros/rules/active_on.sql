{# True when the rule version `alias` is in force on a date: valid_from inclusive, valid_to exclusive, not retired (DESIGN 2). #}
{% macro active_on(alias, on_date) -%}
({{ alias }}.status = 'active' and {{ alias }}.valid_from <= {{ on_date }} and {{ on_date }} < {{ alias }}.valid_to)
{%- endmacro %}
