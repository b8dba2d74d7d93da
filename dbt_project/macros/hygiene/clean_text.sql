{# What staging does to every text column: full-width folded, blanks at the ends removed, empty is null. #}
{% macro clean_text(text) %}nullif({{ trim_blanks(fold_width(text)) }}, ''){% endmacro %}
