{# Text. Full-width forms, as Chinese input methods write them (ＡＢＣ１２３＠（）, ideographic space), become ASCII,
   no-break space becomes a space, invisible characters (zero-width space, byte order mark) vanish. This is the part
   of Unicode NFKC that delivered data needs; neither engine has NFKC (duckdb: nfc_normalize composes only).
   Pure ASCII, where bytes and characters are equal in number, is passed through untouched.
   duckdb: chr() takes any code point; spark: chr() stops at 255, so its literals name the code points. #}
{% macro fold_width(text) %}{{ return(adapter.dispatch('fold_width', 'leadhouse')(text)) }}{% endmacro %}
{% macro duckdb__fold_width(text) -%}
case when strlen({{ text }}) = length({{ text }}) then {{ text }} else translate({{ text }}, '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～' || chr(12288) || chr(160) || chr(8203) || chr(65279), '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~  ') end
{%- endmacro %}
{% macro spark__fold_width(text) -%}
case when octet_length({{ text }}) = length({{ text }}) then {{ text }} else translate({{ text }}, '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～\u3000\u00a0\u200b\ufeff', '!"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~  ') end
{%- endmacro %}

{# Without blanks, tabs and line ends at both ends. #}
{% macro trim_blanks(text) %}{{ return(adapter.dispatch('trim_blanks', 'leadhouse')(text)) }}{% endmacro %}
{% macro duckdb__trim_blanks(text) %}trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)){% endmacro %}
{% macro spark__trim_blanks(text) %}trim(both ' \t\n\r' from {{ text }}){% endmacro %}
