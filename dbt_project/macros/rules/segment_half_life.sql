{# A rule's half life for a segment, whole days, at least one: half_life_days x half_life_factor_pct / 100, half up. #}
{% macro segment_half_life(half_life_days, factor_pct) %}greatest({{ div_round(half_life_days ~ ' * ' ~ factor_pct, 100) }}, 1){% endmacro %}
