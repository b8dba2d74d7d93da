{# Text. Each macro takes an expression that yields text. #}

{# Full-width forms, as Chinese input methods write them (ＡＢＣ１２３＠（）, ideographic space), become ASCII, other blanks (no-break,
   thin) become a space, invisible characters (zero-width space, soft hyphen, byte order mark, marks of direction) vanish,
   radicals become the characters they look like: what is copied out of a PDF reads 银⾏ and ⻓沙 with the radicals U+2F8F and
   U+2ED3. This is the part of Unicode NFKC that delivered data needs, and the radicals of simplified characters, which NFKC
   leaves; neither engine has NFKC (duckdb: nfc_normalize only composes). #}
{% macro fold_width(text) %}{{ return(adapter.dispatch('fold_width', 'leadhouse')(text)) }}{% endmacro %}
{% macro duckdb__fold_width(text) -%}
translate({{ without_radicals(text) }}, '{{ full_width_ascii() ~ odd_blanks() ~ invisible_characters() }}', '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~{{ ' ' * (odd_blanks() | length) }}')
{%- endmacro %}
{% macro spark__fold_width(text) -%}
translate({{ without_radicals(text) }}, '{{ full_width_ascii() ~ odd_blanks() ~ invisible_characters() }}', '!"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~{{ ' ' * (odd_blanks() | length) }}')
{%- endmacro %}
{% macro full_width_ascii() -%}
！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～
{%- endmacro %}

{# The radicals of Kangxi (U+2F00 to U+2FD5), and those of simplified characters, by code point. They are rare, so that only
   text that holds one pays for translate(). #}
{% macro without_radicals(text) -%}
case when {{ regex_matches(text, "'[⺀-⿕]'") }} then translate({{ text }}, '{{ radicals() }}', '{{ characters_of_radicals() }}') else {{ text }} end
{%- endmacro %}
{% macro radicals() %}{{ return(characters_of(range(12032, 12246) | list + [11935, 11936, 11972, 11973, 11974, 11977, 11979, 11987, 11988, 11992, 11993, 11994, 11995, 11996, 11997, 12002, 12003, 12004, 12005, 12006, 12007, 12008, 12009, 12012, 12014, 12016, 12019])) }}{% endmacro %}
{% macro characters_of_radicals() -%}
一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠母民西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟
{%- endmacro %}

{# The blanks that fold_width makes a space, and the characters that it takes out. Written by code point, so that a reader of
   this file sees them. #}
{% macro odd_blanks() %}{{ return(characters_of([160] + range(8192, 8203) | list + [8239, 8287, 12288])) }}{% endmacro %}
{% macro invisible_characters() %}{{ return(characters_of([173, 8203, 8206, 8207] + range(8234, 8239) | list + [8288] + range(8294, 8298) | list + [65279])) }}{% endmacro %}
{% macro characters_of(code_points) %}
    {%- set characters = [] -%}
    {%- for code_point in code_points -%}{%- do characters.append('%c' % code_point) -%}{%- endfor -%}
    {{ return(characters | join) }}
{% endmacro %}

{# Without blanks, tabs and line ends at both ends. #}
{% macro trim_blanks(text) %}{{ return(adapter.dispatch('trim_blanks', 'leadhouse')(text)) }}{% endmacro %}
{% macro duckdb__trim_blanks(text) %}trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)){% endmacro %}
{% macro spark__trim_blanks(text) %}trim(both ' \t\n\r' from {{ text }}){% endmacro %}

{# True where folding or trimming may change a text: the first or the last character is no visible one, or the text is not
   plain ASCII (as many bytes as characters) and holds a character that is folded. translate() costs 8 microseconds a value
   on duckdb, this test 0.02 to 0.05 for ASCII and 0.25 for Chinese. A null needs nothing. #}
{% macro needs_cleaning(text) %}{{ return(adapter.dispatch('needs_cleaning', 'leadhouse')(text)) }}{% endmacro %}
{% macro duckdb__needs_cleaning(text) -%}
{{ text }} < '!' or {{ text }}[-1] < '!' or (strlen({{ text }}) <> length({{ text }}) and regexp_matches({{ text }}, '[！-～⺀-⿕{{ odd_blanks() ~ invisible_characters() }}]'))
{%- endmacro %}
{% macro spark__needs_cleaning(text) -%}
{{ text }} < '!' or right({{ text }}, 1) < '!' or (octet_length({{ text }}) <> length({{ text }}) and {{ text }} rlike '[！-～⺀-⿕{{ odd_blanks() ~ invisible_characters() }}]')
{%- endmacro %}
