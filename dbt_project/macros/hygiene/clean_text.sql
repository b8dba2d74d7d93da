{# What staging does to every text column: full-width folded, blanks at the ends removed, empty is null. #}
{% macro clean_text(text) -%}
case when {{ needs_cleaning(text) }} then nullif({{ trim_blanks(fold_width(text)) }}, '') else {{ text }} end
{%- endmacro %}
