{# A JSON object, as text, of the named columns; nulls are kept.
   duckdb: json_object; spark: to_json of a named_struct, which leaves nulls out unless told otherwise. #}
{% macro json_object(columns) %}{{ return(adapter.dispatch('json_object', 'leadhouse')(columns)) }}{% endmacro %}
{% macro duckdb__json_object(columns) -%}
cast(json_object({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}) as varchar)
{%- endmacro %}
{% macro spark__json_object(columns) -%}
to_json(named_struct({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}), map('ignoreNullFields', 'false'))
{%- endmacro %}
