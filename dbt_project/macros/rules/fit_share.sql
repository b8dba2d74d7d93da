{# What points of fit are of the score, thousandths: clamped, scaled and weighted as in int_scoring__dimension_scores. Reads the
   columns full_marks, floor_points and weight_pct. #}
{% macro fit_share(points) -%}
{{ div_round(
    div_round('greatest(least(' ~ points ~ ', full_marks * 1000), floor_points * 1000) * 100', 'full_marks') ~ ' * weight_pct', 100
) }}
{%- endmacro %}
