{# Integer division, half away from zero: the only division in scores (DESIGN 4).
   duckdb: //; spark: div. Both cut towards zero; d must be positive. HUGEINT / DECIMAL(38) inside, BIGINT out. #}
{% macro div_round(n, d) %}{{ return(adapter.dispatch('div_round', 'leadhouse')(n, d)) }}{% endmacro %}
{% macro duckdb__div_round(n, d) -%}
cast(case when ({{ n }}) >= 0 then (2 * cast(({{ n }}) as hugeint) + ({{ d }})) // (2 * cast(({{ d }}) as hugeint)) else -((2 * cast(-({{ n }}) as hugeint) + ({{ d }})) // (2 * cast(({{ d }}) as hugeint))) end as bigint)
{%- endmacro %}
{% macro spark__div_round(n, d) -%}
cast(case when ({{ n }}) >= 0 then (2 * cast(({{ n }}) as decimal(38)) + ({{ d }})) div (2 * cast(({{ d }}) as decimal(38))) else -((2 * cast(-({{ n }}) as decimal(38)) + ({{ d }})) div (2 * cast(({{ d }}) as decimal(38)))) end as bigint)
{%- endmacro %}

{# A 60-bit positive integer from text, the same on every engine: the first 15 hex digits of md5. #}
{% macro hash64(text) %}{{ return(adapter.dispatch('hash64', 'leadhouse')(text)) }}{% endmacro %}
{% macro duckdb__hash64(text) %}cast('0x' || substr(md5({{ text }}), 1, 15) as bigint){% endmacro %}
{% macro spark__hash64(text) %}cast(conv(substr(md5({{ text }}), 1, 15), 16, 10) as bigint){% endmacro %}

{# RE2 on duckdb, java.util.regex on spark: patterns keep to the common part (no lookaround, [0-9] instead of \d). #}
{% macro regex_matches(value, pattern) %}{{ return(adapter.dispatch('regex_matches', 'leadhouse')(value, pattern)) }}{% endmacro %}
{% macro duckdb__regex_matches(value, pattern) %}regexp_matches({{ value }}, {{ pattern }}){% endmacro %}
{% macro spark__regex_matches(value, pattern) %}({{ value }} rlike {{ pattern }}){% endmacro %}

{% macro regex_replace(value, pattern, replacement) %}{{ return(adapter.dispatch('regex_replace', 'leadhouse')(value, pattern, replacement)) }}{% endmacro %}
{% macro duckdb__regex_replace(value, pattern, replacement) %}regexp_replace({{ value }}, {{ pattern }}, {{ replacement }}, 'g'){% endmacro %}
{% macro spark__regex_replace(value, pattern, replacement) %}regexp_replace({{ value }}, {{ pattern }}, {{ replacement }}){% endmacro %}

{# What group n caught, within the replacement of regex_replace. #}
{% macro caught_group(group_no) %}{{ return(adapter.dispatch('caught_group', 'leadhouse')(group_no)) }}{% endmacro %}
{% macro duckdb__caught_group(group_no) %}{{ return('\\' ~ group_no) }}{% endmacro %}
{% macro spark__caught_group(group_no) %}{{ return('$' ~ group_no) }}{% endmacro %}

{# First capture of group n, or empty text. #}
{% macro regex_extract(value, pattern, group_no=0) %}{{ return(adapter.dispatch('regex_extract', 'leadhouse')(value, pattern, group_no)) }}{% endmacro %}
{% macro duckdb__regex_extract(value, pattern, group_no) %}regexp_extract({{ value }}, {{ pattern }}, {{ group_no }}){% endmacro %}
{% macro spark__regex_extract(value, pattern, group_no) %}regexp_extract({{ value }}, {{ pattern }}, {{ group_no }}){% endmacro %}

{# An expression that uses a long one many times under a short name: {{ bound('name', simplified('x'), f('name')) }}. The long
   one is written and computed once. duckdb and spark: a lambda over a list of one. #}
{% macro bound(name, value, expression) %}{{ return(adapter.dispatch('bound', 'leadhouse')(name, value, expression)) }}{% endmacro %}
{% macro duckdb__bound(name, value, expression) %}list_transform([{{ value }}], lambda {{ name }}: {{ expression }})[1]{% endmacro %}
{% macro spark__bound(name, value, expression) %}transform(array({{ value }}), {{ name }} -> {{ expression }})[0]{% endmacro %}

{# Text under a top-level key of a JSON object held as text. #}
{% macro json_get(json, key) %}{{ return(adapter.dispatch('json_get', 'leadhouse')(json, key)) }}{% endmacro %}
{% macro duckdb__json_get(json, key) %}json_extract_string({{ json }}, '$."' || {{ key }} || '"'){% endmacro %}
{% macro spark__json_get(json, key) %}get_json_object({{ json }}, concat('$["', {{ key }}, '"]')){% endmacro %}

{# Distinct values as one text, sorted, joined by a separator. #}
{% macro sorted_text_list(value, separator) %}{{ return(adapter.dispatch('sorted_text_list', 'leadhouse')(value, separator)) }}{% endmacro %}
{% macro duckdb__sorted_text_list(value, separator) %}array_to_string(list_sort(list(distinct {{ value }})), {{ separator }}){% endmacro %}
{% macro spark__sorted_text_list(value, separator) %}array_join(sort_array(collect_set({{ value }})), {{ separator }}){% endmacro %}

{# A row per part of a text list such as 'A|B'. Use in FROM with a lateral: `from t, {{ split_rows('t.parts', "'|'") }} as s(part)`. #}
{% macro split_rows(value, separator) %}{{ return(adapter.dispatch('split_rows', 'leadhouse')(value, separator)) }}{% endmacro %}
{% macro duckdb__split_rows(value, separator) %}unnest(string_split({{ value }}, {{ separator }})){% endmacro %}
{% macro spark__split_rows(value, separator) %}lateral explode(split({{ value }}, {{ separator }})){% endmacro %}

{# 2 to the power of minus (age / half life), in millionths, rounded: the decay weight (DESIGN 4). #}
{% macro decay_millionths(age_days, half_life_days) %}cast(round(1000000 * power(2.0, -1.0 * ({{ age_days }}) / ({{ half_life_days }}))) as bigint){% endmacro %}

{# Integer division towards minus infinity for n >= 0; for whole points out of milli-points. #}
{% macro floor_div(n, d) %}{{ return(adapter.dispatch('floor_div', 'leadhouse')(n, d)) }}{% endmacro %}
{% macro duckdb__floor_div(n, d) %}cast(({{ n }}) // ({{ d }}) as bigint){% endmacro %}
{% macro spark__floor_div(n, d) %}cast(({{ n }}) div ({{ d }}) as bigint){% endmacro %}

{# A fast hash of one or more columns, only to find candidates that are then compared in full: engines give different
   numbers, so it is never stored. A null has a hash too. #}
{% macro quick_hash(columns) %}{{ return(adapter.dispatch('quick_hash', 'leadhouse')(columns)) }}{% endmacro %}
{% macro duckdb__quick_hash(columns) %}hash({{ columns }}){% endmacro %}
{% macro spark__quick_hash(columns) %}xxhash64({{ columns }}){% endmacro %}

{# The median of whole numbers as a whole number, half away from zero: both engines interpolate, which is exact up to a half. #}
{% macro median_of(value) %}cast(round(percentile_cont(0.5) within group (order by {{ value }})) as bigint){% endmacro %}

{# The square root of a number, cut to a whole number. #}
{% macro whole_root(value) %}cast(floor(sqrt({{ value }})) as bigint){% endmacro %}
