{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- Schemas are named after layers (staging, cleansing, marts), without the target's prefix. -#}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
