{# The first place of a kind that a text names, in a spelling of int_cleansing__place_spellings: 江苏省 of 江苏省苏州市工业园区, suzhou of
   "Suzhou Industrial Park, Jiangsu"; a street or district that is called after a place (南京路, 河北区) names none. Null where the
   text names none; before the spellings were built, as in unit tests, the text itself. text: lower case, simplified.
   The spellings are constants of the SQL, a text that is one costs no search; the caller joins the one found and so asks for its days. #}
{% macro place_in(text, kind) -%}
{%- set spellings = ref('int_cleansing__place_spellings') -%}
{%- set rows = rule_rows(spellings, "select distinct spelling, length(spelling) as letters from " ~ spellings ~ " where place_kind = '" ~ kind ~ "' order by letters desc, spelling") -%}
{%- set latin, other = [], [] -%}
{%- for spelling, letters in rows -%}
    {%- do (latin if spelling[0] in 'abcdefghijklmnopqrstuvwxyz' else other).append(regex_literal(spelling)) -%}
{%- endfor -%}
{%- if not rows -%}
{{ text }}
{%- else -%}
{%- set chinese_place = regex_extract(text, sql_text("(" ~ other | join('|') ~ ")(?:[^区路街道镇]|$)"), 1) -%}
{%- set latin_place = regex_extract(text, sql_text("(?:^|[^a-z])(" ~ latin | join('|') ~ ")(?:[^a-z]|$)"), 1) -%}
case
    when {{ regex_matches(text, sql_text("^(?:" ~ (latin + other) | join('|') ~ ")$")) }} then {{ text }}
    when {{ regex_matches(text, "'[^ -~]'") }} then coalesce(nullif({{ chinese_place }}, ''), nullif({{ latin_place }}, ''))
    else nullif({{ latin_place }}, '')
end
{%- endif -%}
{%- endmacro %}
