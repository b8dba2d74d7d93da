{# What names of one company have in common: lower case, the legal forms of rul_cleansing__company_suffixes cut off the
   end (longest first, as often as one is left; one in Latin letters only after a blank, comma or bracket, and whatever its
   dots and commas), then letters and digits alone. Null where nothing is left.
   on_date: an expression; the suffixes in force on that day are cut. They are constants of the SQL; before the rules were
   built, as in unit tests of other models, none is cut. #}
{% macro company_key(name, on_date) -%}
{%- set rows = rule_rows(ref('rul_cleansing__company_suffixes'), "select suffix, status, cast(valid_from as varchar), cast(valid_to as varchar) from " ~ ref('rul_cleansing__company_suffixes') ~ " order by length(suffix) desc, suffix") -%}
{%- set bare_name = regex_replace("replace(lower(" ~ name ~ "), '.', '')", "'[ ,]+'", "' '") -%}
{%- set name_without = [] -%}
{%- for day in first_days(rows) -%}
    {%- set latin, other = [], [] -%}
    {%- for suffix, status, valid_from, valid_to in rows if status == 'active' and valid_from <= day and day < valid_to -%}
        {%- if suffix[0] in 'abcdefghijklmnopqrstuvwxyz' -%}
            {%- do latin.append(suffix | replace('.', '') | replace(',', ' ') | replace('  ', ' ')) -%}
        {%- else -%}
            {%- do other.append(regex_literal(suffix)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set endings = (["[ (]+(?:" ~ latin | unique | join('|') ~ ")[)]?"] if latin else []) + other -%}
    {%- do name_without.append((day, regex_replace(bare_name, sql_text("(?: *(?:" ~ endings | join('|') ~ "))+$"), "''") if endings else bare_name)) -%}
{%- endfor -%}
{%- set core = by_first_day(name_without, on_date) if name_without else bare_name -%}
nullif({{ regex_replace(core, "'[^a-z0-9À-ɏͰ-ӿ一-鿿㐀-䶿ぁ-ヿ가-힣]'", "''") }}, '')
{%- endmacro %}

{# A text as a pattern that matches just it; brackets instead of backslashes, which engines read differently. #}
{% macro regex_literal(text) %}
    {%- set parts = [] -%}
    {%- for character in text | list -%}
        {%- do parts.append('[' ~ character ~ ']' if character in '.()+*?|{}$' else character) -%}
    {%- endfor -%}
    {{ return(parts | join) }}
{% endmacro %}
