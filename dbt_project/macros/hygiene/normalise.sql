{# Normal forms of contact data. Each macro takes text as staging leaves it (clean_text) and gives null where the text
   holds no valid value. Patterns have no lookaround and no references, so that both engines agree; the commonest
   spelling is tested first, without captures, which is five times faster on 20 million touches.
   tests/oracle holds them to the libraries of the field; docs/quality.md tells where they differ and why. #}

{# Letters beyond ASCII, for character classes: Latin with marks, Greek, Cyrillic, Chinese, Japanese, Korean. #}
{% macro letters_beyond_ascii() %}À-ɏͰ-ӿ一-鿿㐀-䶿々ぁ-ヿ가-힣{% endmacro %}

{# Signs that end a label or begin a remark without a blank: symbols (☎ ✉ ①), everything Chinese, Japanese and Korean, emoji, and
   the quotes and bullets that people put around a value. #}
{% macro signs_around_values() %}“”‘’•—⌀-⯿⺀-鿿가-힣️🌀-🫿{% endmacro %}

{# The text of a cell in one line, lower case: tabs and line ends become |, square brackets round ones, all full stops and
   hyphens those of ASCII. What follows knows fewer signs. #}
{% macro one_line(text) -%}
translate(lower({{ text }}), '。｡[]‐‑–−{{ characters_of([9, 10, 13]) }}', '..()----|||')
{%- endmacro %}

{# lower-case address of `a@b.cn`, `Li Lei <a@b.cn>`, `mailto:a@b.cn`, `邮箱:a@b。cn`, `李雷（a@b.cn）`, and the first of `a@b.cn; c@d.cn`. The
   part before @ is ASCII: Chinese in front of it is a label that somebody glued to the address. #}
{% macro normal_email(text) -%}
{%- set local = "[a-z0-9!#$%&''*+=?^_`{}~-]+(?:[.][a-z0-9!#$%&''*+=?^_`{}~-]+)*" -%}
{%- set letter = "[a-z0-9" ~ letters_beyond_ascii() ~ "]" -%}
{%- set label = letter ~ "(?:[a-z0-9" ~ letters_beyond_ascii() ~ "-]*" ~ letter ~ ")?" -%}
{%- set top = "(?:[a-z][a-z0-9-]*[a-z]|[" ~ letters_beyond_ascii() ~ "]{2,})" -%}
{%- set before = "^(?:[^@]*(?:[<:(]|(?:[0-9]{7}|[^ -~]) ?[|/]|[" ~ signs_around_values() ~ "] ?)|e-?mail[ =]+)?[ ;,\"''*/]*" -%}
{%- set behind = "(?:[" ~ signs_around_values() ~ "](?:[^a-z0-9].*|.*@.*)?|[.!]*(?: *[>;,、/|?()\"''*&+].*| +(?:[^ -~]|[<-]|[^@ ]+@|[a-z]+ [^@ ]+@).*)?)$" -%}
{%- set line = regex_replace(one_line(text), "' *@ *'", "'@'") -%}
case
    when {{ text }} is null then null
    when {{ regex_matches(text, "'^[a-z0-9]+([._+-][a-z0-9]+)*@([a-z0-9]+(-[a-z0-9]+)*[.])+[a-z][a-z]+$'") }} and length({{ text }}) <= 64 then {{ text }}
    when {{ regex_matches(line, "'[^ <:;,|/(@]{65}@|@[^ >;,|/]{190}|@[^ >;,|/]*[^ .>;,|/]{64}|[@.](?:[a-wyz0-9][a-z0-9]|x[a-mo-z0-9])--'") }} then null
    else nullif({{ regex_extract(line, "'" ~ before ~ "(" ~ local ~ "@(?:" ~ label ~ "[.])+" ~ top ~ ")" ~ behind ~ "'", 1) }}, '')
end
{%- endmacro %}

{# The part after @ of a normal address. #}
{% macro email_domain(email) %}nullif(split_part({{ email }}, '@', 2), ''){% endmacro %}

{# The mailbox of a normal address, without the tag of li+fair@b.cn: what tells whether two addresses reach one person. #}
{% macro mailbox_of(email) -%}
case when {{ regex_matches(email, "'^[^+@]+[+]'") }} then split_part({{ email }}, '+', 1) || '@' || {{ email_domain(email) }} else {{ email }} end
{%- endmacro %}

{# The mailbox of an address as delivered; the commonest spelling first, as in normal_email. #}
{% macro normal_mailbox(text) -%}
case
    when {{ regex_matches(text, "'^[a-z0-9]+([._-][a-z0-9]+)*@([a-z0-9]+(-[a-z0-9]+)*[.])+[a-z][a-z]+$'") }} and length({{ text }}) <= 64 then {{ text }}
    else {{ mailbox_of(normal_email(text)) }}
end
{%- endmacro %}

{# A phone number in E.164. Mainland numbers with or without +86 / 0086 / trunk zero, mobile, with area code, 400/800;
   Hong Kong, Macao and Taiwan also without plus; others only in international form, held to the lengths of their country.
   The first seven digits or more are the number: what stands before (24小时热线, 李经理) and behind (转801, ext 12, -801, *801, a
   second number, a remark) is dropped. A local number without area code is null: it can't be dialled. #}
{% macro normal_phone(text) -%}
{%- set dashes = "‐‑‒–—−─ー·_-" -%}
{%- set next_digit = "(?:[ ().*" ~ dashes ~ "]*[0-9])" -%}
{%- set number = regex_extract(text, "'(?:[+(] ?)*(?:(?:[0-9 ()-]{2,9}|[0-9]+ ?[(]0[)] ?[0-9]+ ?)/[/ ]?[0-9]" ~ next_digit ~ "{4}|[0-9]" ~ next_digit ~ "{6})[0-9 ().*" ~ dashes ~ "]*'") -%}
{%- set digits = regex_replace(regex_replace(number, "'[^0-9+]'", "''"), "'^(00|[+][+]+)'", "'+'") -%}
{%- set extension = "[*(" ~ dashes ~ "][ *(" ~ dashes ~ "]*[0-9]{1,5}| 1[3-9][0-9]{9}" -%}
{%- set before_extension = regex_replace(regex_extract(number, "'^(.*[0-9]{3}) *(?:" ~ extension ~ ")[^0-9]*$'", 1), "'[^0-9+]'", "''") -%}
{%- set abroad = [] -%}
{%- for countries, lengths in phone_lengths() -%}
    {%- do abroad.append("(?:" ~ countries.split(' ') | join('|') ~ ")(?:[0-9]{" ~ lengths.split(' ') | join("}|[0-9]{") ~ "})") -%}
{%- endfor -%}
{%- do abroad.append("852[2-9][0-9]{7}|853[268][0-9]{7}|886[2-9][0-9]{7,8}") -%}
{%- set before_long_extension = regex_replace(regex_extract(number, "'^(.*[0-9]{7}) ?[" ~ dashes ~ "]+ ?[0-9]{1,5}[^0-9]*$'", 1), "'[^0-9+]'", "''") -%}
{%- set twice = "'^[+(]*(?:00)?86[) ]*[+](1[3-9][0-9]{9})(?:[^0-9]|$)'" -%}
{%- set zero = "'^([+](?:" ~ trunk_zero_countries() | join('|') ~ "))0([1-9][0-9]*)$'" -%}
{%- set without_zero = regex_extract(digits, zero, 1) ~ " || " ~ regex_extract(digits, zero, 2) -%}
case
    when {{ text }} is null then null
    when {{ regex_matches(text, "'^1[3-9][0-9]{9}$'") }} then '+86' || {{ text }}
    when {{ regex_matches(text, "'^[+]?(86)?1[3-9][0-9]{9}[.]00?$'") }} then '+86' || right(split_part({{ text }}, '.', 1), 11)
    when {{ regex_matches(text, "'^1[3-9][0-9]{9} +([0(+]?[0-9]{7}|[(]?0[0-9]{2,3}[ )-])'") }} then '+86' || left({{ text }}, 11)
    when {{ regex_matches(text, twice) }} then '+86' || {{ regex_extract(text, twice, 1) }}
    when {{ regex_matches(digits, "'^(([+]?86)?0?|(12593|17900|17901|17911|17951))1[3-9][0-9]{9}$'") }} then '+86' || right({{ digits }}, 11)
    when {{ regex_matches(digits, "'^(([+]?86)?0?)[48]00[0-9]{7}$'") }} then '+86' || right({{ digits }}, 10)
    when {{ regex_matches(digits, "'^([+]?860?|0)(10|2[0-9])[2-9][0-9]{7}$'") }} then '+86' || right({{ digits }}, 10)
    when {{ regex_matches(digits, "'^([+]?860?|0)[3-9][0-9]{2}[2-9][0-9]{6,7}$'") }} then '+86' || {{ regex_replace(digits, "'^([+]?860?|0)'", "''") }}
    when {{ regex_matches(digits, "'^[+]?852[2-9][0-9]{7}$'") }} then '+852' || right({{ digits }}, 8)
    when {{ regex_matches(digits, "'^[+]?853[268][0-9]{7}$'") }} then '+853' || right({{ digits }}, 8)
    when {{ regex_matches(digits, "'^[+]?8860?[2-9][0-9]{7,8}$'") }} then '+886' || {{ regex_replace(digits, "'^[+]?8860?'", "''") }}
    when {{ regex_matches(before_extension, "'^([+]?860?|0)(10|2[0-9])[2-9][0-9]{7}$'") }} then '+86' || right({{ before_extension }}, 10)
    when {{ regex_matches(before_extension, "'^([+]?860?|0)[3-9][0-9]{2}[2-9][0-9]{6,7}$'") }} then '+86' || {{ regex_replace(before_extension, "'^([+]?860?|0)'", "''") }}
    when {{ regex_matches(before_extension, "'^([+]?86)?0?[48]00[0-9]{7}$'") }} then '+86' || right({{ before_extension }}, 10)
    when {{ regex_matches(before_long_extension, sql_text("^[+](?:" ~ abroad | join('|') ~ ")$")) }} and not {{ regex_matches(before_long_extension, zero) }} then {{ before_long_extension }}
    when not {{ regex_matches(digits, "'^[+][1-9]'") }} then null
    when {{ regex_matches(digits, "'^[+](?:" ~ trunk_zero_countries() | join('|') ~ ")0'") }} then nullif({{ regex_extract(without_zero, sql_text("^[+](?:" ~ abroad | join('|') ~ ")$")) }}, '')
    else nullif({{ regex_extract(digits, sql_text("^[+](?:" ~ abroad | join('|') ~ ")$")) }}, '')
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

{# A unified social credit code (GB 32100-2015) in capitals without blanks and dashes, from text that holds one; null unless
   its check digit is right: the values of its characters, weighed with the powers of 3, are divisible by 31. The standard has
   no O and I, so that they can only be 0 and 1. #}
{% macro normal_credit_code(text) -%}
{%- set whole = "'(?:^|[^0-9A-Z])([0-9A-RTUWXY]{18})(?:[^0-9A-Z]|$)'" -%}
{%- set without_gaps = regex_replace("upper(" ~ text ~ ")", "'[ ._·‐‑‒–—−" ~ characters_of([9, 10, 13]) ~ "-]'", "''") -%}
{%- set found -%}
case
    when {{ regex_matches(text, "'^[0-9A-HJ-NP-RTUWXY]{18}$'") }} then {{ text }}
    else translate(coalesce(nullif({{ regex_extract(without_gaps, whole, 1) }}, ''), {{ regex_extract("upper(" ~ text ~ ")", whole, 1) }}), 'OI', '01')
end
{%- endset -%}
{%- set weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1] -%}
{%- set products = [] -%}
{%- for weight in weights -%}
    {%- do products.append(weight ~ " * (instr('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(code, " ~ loop.index ~ ", 1)) - 1)") -%}
{%- endfor -%}
{%- set checked -%}
case when {{ regex_matches('code', "'^[1-9A-HJ-NP-RTUWXY][0-9A-HJ-NP-RTUWXY][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}$'") }} and mod({{ products | join(' + ') }}, 31) = 0 then code end
{%- endset -%}
{{ bound('code', found, checked) }}
{%- endmacro %}

{# The host of a web address without scheme and path, lower case, of `www.b.cn`, `https://li:pw@b.cn:8080/x`, `官网：b.cn`, `“b.cn”`, and
   the first of `a.cn; b.cn`; the commonest spelling first. #}
{% macro web_host(text) -%}
{%- set letter = "[a-z0-9" ~ letters_beyond_ascii() ~ "]" -%}
{%- set label = letter ~ "(?:[a-z0-9" ~ letters_beyond_ascii() ~ "_-]*" ~ letter ~ ")?" -%}
{%- set before = "^[ \"''(<【《“‘]*(?:[^ -~]+[: ]|(?:url|web|website|homepage)[: ]+)? *(?:[a-z]+[:;][^a-z0-9" ~ letters_beyond_ascii() ~ "._%-]*|//)*(?:[^@/?# ]*@)?" -%}
{%- set top = "(?:[a-z][a-z0-9-]*[a-z0-9]|[" ~ letters_beyond_ascii() ~ "]{2,})" -%}
{%- set behind = "(?:[.]?(?:[:/?#;,、 |!&()<>\"''].*)?|[" ~ signs_around_values() ~ "](?:[^a-z0-9].*)?)$" -%}
{%- set simple_host = "(?:[a-z0-9]+(?:-[a-z0-9]+)*[.])+[a-z][a-z]+" -%}
case
    when {{ regex_matches(text, "'^(?:https?://)?" ~ simple_host ~ "/?$'") }} then {{ regex_extract(text, "'" ~ simple_host ~ "'") }}
    else nullif({{ regex_extract(one_line(text), "'" ~ before ~ "((?:" ~ label ~ "[.])+" ~ top ~ ")" ~ behind ~ "'", 1) }}, '')
end
{%- endmacro %}

{# The name that was registered for a host: b.com.cn of a.b.com.cn. Null where the host is itself a public suffix, www and
   nothing more, or the name of a file (logo.png). The suffixes are one pattern, because a list of two thousand constants costs
   a fifth of a second to plan. #}
{% macro registered_domain(host) -%}
{%- set suffixes = [] -%}
{%- set countries = public_suffixes() -%}
{%- for country, words in countries.items() if country != 'every' -%}
    {%- do suffixes.append("(?:" ~ words.split(' ') | join('|') ~ ")[.]" ~ country) -%}
{%- endfor -%}
{%- do suffixes.append("[^.]+[.](?:" ~ countries['every'].split(' ') | join('|') ~ ")") -%}
{%- set no_domain = "'^www[.][^.]{4,}$|[.](?:html?|php|aspx?|jsp|js|css|png|jpe?g|gif|pdf|exe|docx?|xlsx?|txt)$'" -%}
{%- set domain -%}
case
    when {{ regex_matches('host_name', no_domain) }} then null
    when {{ regex_matches('host_name', sql_text("(?:^|[.])(?:" ~ suffixes | join('|') ~ ")$")) }} then {{ regex_extract('host_name', "'[^.]+[.][^.]+[.][^.]+$'") }}
    else {{ regex_extract('host_name', "'[^.]+[.][^.]+$'") }}
end
{%- endset -%}
nullif({{ bound('host_name', host, domain) }}, '')
{%- endmacro %}

{# The registered domain of a web address. #}
{% macro web_domain(text) %}{{ registered_domain(web_host(text)) }}{% endmacro %}
