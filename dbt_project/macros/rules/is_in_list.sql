{# True when a word is one of a list such as 'A|B' in a rule row. #}
{% macro is_in_list(value, list) %}(position('|' || {{ value }} || '|' in '|' || {{ list }} || '|') > 0){% endmacro %}
