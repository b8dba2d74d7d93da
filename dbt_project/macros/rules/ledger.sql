{# The causes of the ledger whose inputs are switched before the day-end's own behaviour, in the order in which they are
   switched (DESIGN 5, Scoring): the one list behind its states, its differences and its mart. #}
{% macro ledger_causes() %}
    {{ return(['identity', 'rule', 'attribute', 'late_data', 'decay', 'inactivity']) }}
{% endmacro %}

{# Kinds of signals that follow from attributes. #}
{% macro stated_signal_kinds() %}'tag', 'form_field'{% endmacro %}

{# Kinds of signals of which a newer one replaces the older, so that they are let in together. #}
{% macro answer_signal_kinds() %}'sales_feedback', 'crm_stage'{% endmacro %}

{# Before the ledger takes in its day-ends: what earlier builds wrote for them goes, also for a day that has no rows any more. #}
{% macro forget_compared_days() %}
    {%- if is_incremental() -%}
    delete from {{ this }} where as_of_date in (select as_of_date from {{ ref('int_scoring__day_end_pairs') }})
    {%- endif -%}
{% endmacro %}
