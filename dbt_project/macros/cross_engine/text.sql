{# Text. Each macro takes an expression that yields text. #}

{# Full-width forms, as Chinese input methods write them (ＡＢＣ１２３＠（）, ideographic space), become ASCII, the no-break
   space becomes a space, invisible characters (zero-width space, byte order mark) vanish. This is the part of Unicode
   NFKC that delivered data needs; neither engine has NFKC (duckdb: nfc_normalize only composes).
   duckdb: chr() takes any code point; spark: chr() stops at 255, so its literals name the code points. #}
{% macro fold_width(text) %}{{ return(adapter.dispatch('fold_width', 'leadhouse')(text)) }}{% endmacro %}
{% macro duckdb__fold_width(text) -%}
translate({{ text }}, '{{ full_width_ascii() }}' || chr(12288) || chr(160) || chr(8203) || chr(65279), '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~  ')
{%- endmacro %}
{% macro spark__fold_width(text) -%}
translate({{ text }}, '{{ full_width_ascii() }}\u3000\u00a0\u200b\ufeff', '!"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~  ')
{%- endmacro %}
{% macro full_width_ascii() -%}
！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～
{%- endmacro %}

{# Without blanks, tabs and line ends at both ends. #}
{% macro trim_blanks(text) %}{{ return(adapter.dispatch('trim_blanks', 'leadhouse')(text)) }}{% endmacro %}
{% macro duckdb__trim_blanks(text) %}trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)){% endmacro %}
{% macro spark__trim_blanks(text) %}trim(both ' \t\n\r' from {{ text }}){% endmacro %}

{# True when folding and trimming would change nothing: visible at both ends, and either pure ASCII (as many bytes as
   characters) or free of the folded characters. translate() costs 8 microseconds a value on duckdb, this test 0.05. #}
{% macro is_clean_text(text) %}{{ return(adapter.dispatch('is_clean_text', 'leadhouse')(text)) }}{% endmacro %}
{% macro duckdb__is_clean_text(text) -%}
left({{ text }}, 1) > ' ' and right({{ text }}, 1) > ' ' and (strlen({{ text }}) = length({{ text }}) or not regexp_matches({{ text }}, '[！-～' || chr(12288) || chr(160) || chr(8203) || chr(65279) || ']'))
{%- endmacro %}
{% macro spark__is_clean_text(text) -%}
left({{ text }}, 1) > ' ' and right({{ text }}, 1) > ' ' and (octet_length({{ text }}) = length({{ text }}) or not {{ text }} rlike '[！-～\u3000\u00a0\u200b\ufeff]')
{%- endmacro %}
