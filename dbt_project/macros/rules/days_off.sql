{# The days on which business is not as usual, holidays and the make-up workdays that pay for them; column `date_day`. #}
{% macro days_off() -%}
select distinct date_day from {{ ref('rul_sla__business_days') }}
where day_kind in ('holiday', 'make_up')
{%- endmacro %}
