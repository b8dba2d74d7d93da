{# The name of a signal definition: kind|signal|qualifier|minimum, empty parts for "any". #}
{% macro signal_key(signal_kind, signal, qualifier, measure_min) -%}
{{ signal_kind }} || '|' || {{ signal }} || '|' || coalesce({{ qualifier }}, '') || '|' || coalesce(cast({{ measure_min }} as {{ dbt.type_string() }}), '')
{%- endmacro %}

{# True when a fact (signal, qualifier, measure) meets a signal definition. #}
{% macro meets_definition(fact, definition) -%}
({{ fact }}.signal = {{ definition }}.signal
and ({{ definition }}.qualifier is null or {{ definition }}.qualifier = {{ fact }}.qualifier)
and ({{ definition }}.measure_min is null or {{ fact }}.measure_value >= {{ definition }}.measure_min))
{%- endmacro %}
