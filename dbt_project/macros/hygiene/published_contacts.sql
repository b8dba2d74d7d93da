{# What a mart shows of data by which somebody can be reached. Not for secrecy, a hash of a phone number is soon guessed: what a
   letter or a call can be sent to belongs behind dim_contactability, which asks for consent first (R59). Where it still stands
   elsewhere, and why, is listed in tests/warehouse. #}

{# An identity key as marts show it: where its value is an address, a number or a WeChat id, the kind, for a WeChat id its
   account, and a hash of the value, else the key. Equal keys stay equal, and who knows the value finds it by its hash. #}
{% macro published_key(key) -%}
{%- set of_contacts = "'^[a-z_.]*(?:mail|mobile|phone|wechat_id|openid|unionid|userid)[a-z_0-9]*[|]'" -%}
{%- set account_of = "'^[a-z_.0-9]+[|](?:[^|:@]*:)?'" -%}
case
    when {{ regex_matches(key, of_contacts) }} then
        {{ regex_extract(key, account_of, 0) }} || substr(md5({{ regex_replace(key, account_of, "''") }}), 1, 12)
    else {{ key }}
end
{%- endmacro %}

{# l***@b.cn, +86138****8000: enough to tell two values of one person apart. #}
{% macro masked_contact(value) -%}
case
    when {{ value }} like '%@%' then substr({{ value }}, 1, 1) || '***@' || split_part({{ value }}, '@', 2)
    else substr({{ value }}, 1, greatest(length({{ value }}) - 8, 1)) || '****' || right({{ value }}, 4)
end
{%- endmacro %}

{# Text that compares values, such as the evidence of a likeness, without the parts by which somebody is reached. #}
{% macro without_contacts(text) -%}
{{ regex_replace(regex_replace(text, "'[A-Za-z0-9!#$%&''*+=?^_`{}~.-]+@'", "'***@'"), "'[+][0-9]{7,15}'", "'+***'") }}
{%- endmacro %}

{# What somebody wrote, without the addresses, numbers and WeChat or QQ ids that have the shape of one: a mobile, a number with
   area code or +, what follows 微信 or QQ, and after wechat, vx or wx an id with a digit. Rather too much than too little: a
   budget of 15000000000 goes too. Text of JSON stays JSON. Most texts have no sign of a contact and cost one look. #}
{% macro text_without_contacts(text) -%}
{%- set kept = caught_group(1) ~ '***' -%}
{%- set separator = "[\" ]{0,2}[:：是为]?[\" ]{0,2}" -%}
{%- set patterns = [
    "((?:^|[^a-zA-Z])(?i:微信|微信号|加v)(?i:id|号)?" ~ separator ~ ")[a-zA-Z][a-zA-Z0-9_-]{5,19}",
    "((?:^|[^a-zA-Z])(?i:wechat|weixin|vx|wx)(?i: ?id|号)?" ~ separator ~ ")[a-zA-Z][a-zA-Z0-9_-]{3,18}[0-9][a-zA-Z0-9_-]{0,15}",
    "((?:^|[^a-zA-Z])(?i:qq)号?" ~ separator ~ ")[0-9]{5,11}",
    "(\\\\[bfnrt]|)[A-Za-z0-9!#$%&*+=?^_`{}~.-]+@",
    "(^|[^0-9])1[3-9][0-9][ .-]?[0-9]{4}[ .-]?[0-9]{4}",
    "(^|[^0-9])[(]?0[0-9]{2,3}[)]?[ .-]{0,2}[2-9][0-9]{2,3}[ .-]?[0-9]{4}",
    "()[+][0-9](?:[ ().-]{0,2}[0-9]){8,14}",
] -%}
{%- set texts = [text] -%}
{%- for pattern in patterns -%}
    {%- do texts.append(regex_replace(texts[-1], "'" ~ pattern ~ "'", "'" ~ kept ~ ("@" if loop.index == 4 else "") ~ "'")) -%}
{%- endfor -%}
case when {{ regex_matches(text, "'@|[0-9][ ().-]{0,2}[0-9]{3}|(?i)微信|wechat|weixin|vx|wx|加v|qq'") }} then {{ texts[-1] }} else {{ text }} end
{%- endmacro %}
