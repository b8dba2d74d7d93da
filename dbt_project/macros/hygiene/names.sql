{# Forms in which names are compared. None of them is for print. #}

{# What names of one company have in common: simplified characters, lower case, the region in front (恒川科技(上海) and
   上海市恒川科技 are 上海恒川科技; it stays, because 北京银行 is not 上海银行), the legal forms of
   rul_cleansing__company_suffixes cut off the end (longest first, as often as one is left; one in Latin letters only after a
   blank, comma or bracket, and whatever its dots and commas), then letters and digits alone. Null where nothing is left.
   on_date: an expression; the suffixes in force on that day are cut. They are constants of the SQL; before the rules were
   built, as in unit tests of other models, none is cut. #}
{% macro company_key(name, on_date) -%}
{%- set rows = rule_rows(ref('rul_cleansing__company_suffixes'), "select suffix, status, cast(valid_from as varchar), cast(valid_to as varchar) from " ~ ref('rul_cleansing__company_suffixes') ~ " order by length(suffix) desc, suffix") -%}
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
    {%- do name_without.append((day, regex_replace('bare_name', sql_text("(?: *(?:" ~ endings | join('|') ~ "))+[。、;]*$"), "''") if endings else 'bare_name')) -%}
{%- endfor -%}
{%- set core = by_first_day(name_without, on_date) if name_without else 'bare_name' -%}
{%- set key = regex_replace(core, "'[^a-z0-9" ~ letters_beyond_ascii() ~ "]'", "''") -%}
{%- set simple_name = regex_replace("replace(lower(" ~ simplified(name) ~ "), '.', '')", "'[ ,]+'", "' '") -%}
nullif({{ bound('simple_name', simple_name, bound('bare_name', region_in_front('simple_name'), key)) }}, '')
{%- endmacro %}

{# A company name with the region that stands in brackets in front, and without 省 and 市 behind a region that begins the
   name. What else stands in brackets (国际, 控股, group) stays. Names without any of these signs cost one look. #}
{% macro region_in_front(name) -%}
{%- set bracket = regex_extract(name, "'[(]([一-鿿]{2,4}|[a-z]{4,12})[)]'", 1) -%}
{%- set no_region = "'^$|^(中国|集团|国际|控股|全国|亚太|大中华)$|合伙|公司|^(china|group|holdings?|international|global|asia)$'" -%}
{%- set moved -%}
case when {{ regex_matches(bracket, no_region) }} then {{ name }} else {{ bracket }} || {{ regex_replace(name, "' ?[(]([一-鿿]{2,4}|[a-z]{4,12})[)] ?'", "' '") }} end
{%- endset -%}
{%- set of_city = "'^(?:[一-鿿]{2,3}省|[一-鿿]{2,6}自治区)?([一-鿿]{1,2}[^ -~城都超上门股夜集])市(.+)$'" -%}
{%- set of_province = "'^([一-鿿]{2,3})省(.+)$'" -%}
case
    when not {{ regex_matches(name, "'[(市省]'") }} then {{ name }}
    when {{ regex_matches(moved, of_city) }} then {{ regex_extract(moved, of_city, 1) }} || {{ regex_extract(moved, of_city, 2) }}
    when {{ regex_matches(moved, of_province) }} then {{ regex_extract(moved, of_province, 1) }} || {{ regex_extract(moved, of_province, 2) }}
    else {{ moved }}
end
{%- endmacro %}

{# What spellings of a person's name have in common: simplified characters, lower case, without what stands in brackets,
   without forms of address (李雷先生, 王总, Mr. Smith), without blanks and signs. 工 and 总 are also ends of given names: they go
   where a surname alone is left, 总 behind a full name too. Null where nothing is left. #}
{% macro person_name_key(name) -%}
{%- set bare_name = regex_replace(regex_replace("lower(" ~ simplified(name) ~ ")", "'[(][^)]*[)]?'", "' '"), "'^ *(mr|mrs|ms|miss|dr|prof)[. ]+|[, ]+(ph[.]?d[.]?|mba|jr[.]?)[ .]*$'", "''") -%}
{%- set letters = regex_replace(bare_name, "'[^a-z0-9" ~ letters_beyond_ascii() ~ "]'", "''") -%}
{%- set without_title = regex_replace('letters', "'(先生|女士|小姐|太太|同学|老师|教授|博士|医生|大夫|律师|老板|副?总?经理|副?总裁|副?总监|副总|总?工程师|(副?董事|[处科部厂院校会局所店院组课]|秘书)长|主任|主管|书记|助理|秘书)+$'", "''") -%}
{%- set key -%}
case
    when {{ regex_matches('letters', "'^[一-鿿]工$|^[一-鿿]{0,3}[^ -~副]总$'") }} then left(letters, length(letters) - 1)
    when {{ without_title }} <> '' then {{ without_title }}
    else letters
end
{%- endset -%}
nullif({{ bound('letters', letters, key) }}, '')
{%- endmacro %}

{# A text as a pattern that matches just it; brackets instead of backslashes, which engines read differently. #}
{% macro regex_literal(text) %}
    {%- set parts = [] -%}
    {%- for character in text | list -%}
        {%- do parts.append('[' ~ character ~ ']' if character in '.()+*?|{}$' else character) -%}
    {%- endfor -%}
    {{ return(parts | join) }}
{% endmacro %}
