{# Likeness of two texts, in integers: the same on every engine. #}

{# Fewest insertions, deletions and replacements of characters that turn one text into the other. Both engines have it. #}
{% macro edits_between(a, b) %}levenshtein({{ a }}, {{ b }}){% endmacro %}

{# The characters of a text in order: two texts with swapped letters have the same.
   duckdb: list_sort of string_split; spark: array_sort of split. #}
{% macro sorted_characters(text) %}{{ return(adapter.dispatch('sorted_characters', 'leadhouse')(text)) }}{% endmacro %}
{% macro duckdb__sorted_characters(text) %}array_to_string(list_sort(string_split({{ text }}, '')), ''){% endmacro %}
{% macro spark__sorted_characters(text) %}array_join(array_sort(split({{ text }}, '')), ''){% endmacro %}

{# Bytes of a text in UTF-8: a Chinese character says about as much as three letters.
   duckdb: strlen; spark: octet_length. #}
{% macro byte_length(text) %}{{ return(adapter.dispatch('byte_length', 'leadhouse')(text)) }}{% endmacro %}
{% macro duckdb__byte_length(text) %}strlen({{ text }}){% endmacro %}
{% macro spark__byte_length(text) %}octet_length({{ text }}){% endmacro %}

{# A JSON object, as text, of expressions by name.
   duckdb: json_object; spark: to_json of a named_struct. #}
{% macro json_of(fields) %}{{ return(adapter.dispatch('json_of', 'leadhouse')(fields)) }}{% endmacro %}
{% macro duckdb__json_of(fields) -%}
cast(json_object({% for name, value in fields.items() %}'{{ name }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %}) as varchar)
{%- endmacro %}
{% macro spark__json_of(fields) -%}
to_json(named_struct({% for name, value in fields.items() %}'{{ name }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %}), map('ignoreNullFields', 'false'))
{%- endmacro %}
