{# Normal forms of contact data. Each macro takes text as staging leaves it (clean_text) and gives null where the text
   holds no valid value. Patterns have no lookaround and no references, so that both engines agree; the commonest
   spelling is tested first, without captures, which is five times faster on 20 million touches. #}

{# lower-case address of `a@b.cn`, `Li Lei <a@b.cn>`, `mailto:a@b.cn`, `a@b。cn`. #}
{% macro normal_email(text) -%}
case
    when {{ text }} is null then null
    when {{ regex_matches(text, "'^[a-z0-9]+([._+-][a-z0-9]+)*@([a-z0-9]+(-[a-z0-9]+)*[.])+[a-z][a-z]+$'") }} then {{ text }}
    else nullif({{ regex_extract("replace(lower(" ~ text ~ "), '。', '.')", "'^(?:[^<>]*<)? *(?:mailto:)?([a-z0-9!#$%&''*+/=?^_{|}~-]+(?:[.][a-z0-9!#$%&''*+/=?^_{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?[.])+[a-z](?:[a-z0-9-]*[a-z0-9]))[ >;,]*$'", 1) }}, '')
end
{%- endmacro %}

{# The part after @ of a normal address. #}
{% macro email_domain(email) %}nullif(split_part({{ email }}, '@', 2), ''){% endmacro %}

{# A phone number in E.164. Mainland numbers with or without +86 / 0086 / trunk zero, mobile, with area code, 400/800;
   Hong Kong, Macao and Taiwan also without plus; others only in international form. An extension (转801, ext 12, #3)
   and a second number behind / ; , are dropped. A local number without area code is null: it can't be dialled. #}
{% macro normal_phone(text) -%}
{%- set first_number = regex_replace("lower(" ~ text ~ ")", "'([转轉#/;,、|x]|分机|ext).*$|[(]0[)]'", "''") -%}
{%- set digits = regex_replace(regex_replace(first_number, "'[^0-9+]'", "''"), "'^00'", "'+'") -%}
case
    when {{ text }} is null then null
    when {{ regex_matches(text, "'^1[3-9][0-9]{9}$'") }} then '+86' || {{ text }}
    when {{ regex_matches(digits, "'^([+]?86)?0?1[3-9][0-9]{9}$'") }} then '+86' || right({{ digits }}, 11)
    when {{ regex_matches(digits, "'^([+]?86)?[48]00[0-9]{7}$'") }} then '+86' || right({{ digits }}, 10)
    when {{ regex_matches(digits, "'^([+]?860?|0)(10|2[0-9])[2-8][0-9]{7}$'") }} then '+86' || right({{ digits }}, 10)
    when {{ regex_matches(digits, "'^([+]?860?|0)[3-9][0-9]{2}[2-8][0-9]{6,7}$'") }} then '+86' || {{ regex_replace(digits, "'^([+]?860?|0)'", "''") }}
    when {{ regex_matches(digits, "'^[+]?852[2-9][0-9]{7}$'") }} then '+852' || right({{ digits }}, 8)
    when {{ regex_matches(digits, "'^[+]?853[268][0-9]{7}$'") }} then '+853' || right({{ digits }}, 8)
    when {{ regex_matches(digits, "'^[+]?8860?[2-9][0-9]{7,8}$'") }} then '+886' || {{ regex_replace(digits, "'^[+]?8860?'", "''") }}
    when {{ regex_matches(digits, "'^[+][1-79][0-9]{7,14}$'") }} then {{ digits }}
    when {{ regex_matches(digits, "'^[+]8[1-57-9][0-9]{6,13}$'") }} and not {{ regex_matches(digits, "'^[+]85[23]|^[+]886'") }} then {{ digits }}
end
{%- endmacro %}

{# True where an E.164 number is a mobile by its numbering plan (mainland, Hong Kong, Macao, Taiwan). Elsewhere the
   number does not tell. #}
{% macro is_mobile_number(e164) -%}
{{ regex_matches(e164, "'^[+](861[3-9]|852[4-79]|8536|8869)'") }}
{%- endmacro %}

{# A phone number in E.164 where its numbering plan says that it is a mobile. #}
{% macro normal_mobile(text) -%}
case when {{ is_mobile_number(normal_phone(text)) }} then {{ normal_phone(text) }} end
{%- endmacro %}

{# The host of a web address without scheme, www and path, lower case. #}
{% macro web_domain(text) -%}
nullif({{ regex_extract("lower(" ~ text ~ ")", "'^(?:[a-z]+:/+)?(?:[^@/ ]*@)?(?:www[.])?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?[.])+[a-z](?:[a-z0-9-]*[a-z0-9]))(?:[:/?#].*)?$'", 1) }}, '')
{%- endmacro %}

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
