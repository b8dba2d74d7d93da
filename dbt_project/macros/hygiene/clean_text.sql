{# What staging does to every text column: full-width folded, blanks at the ends removed, empty is null. #}
{% macro clean_text(text) -%}
case when {{ is_clean_text(text) }} then {{ text }} else nullif({{ trim_blanks(fold_width(text)) }}, '') end
{%- endmacro %}
