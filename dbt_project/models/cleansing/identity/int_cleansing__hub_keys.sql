{#- A pattern from a row is compiled for every key; one constant that matches whatever any of them does comes first. -#}
{%- set patterns_of_keys = "select distinct pattern from " ~ ref('rul_exceptions') ~ " where rule_id like 'IDN-%' order by pattern" -%}
{%- set patterns = rule_rows(ref('rul_exceptions'), patterns_of_keys) -%}
{%- set key_value = "lower(substr(keys.key_key, length(keys.key_kind) + 2))" -%}

-- Keys that link nobody at a day-end: more people carry them than the rule of their kind allows, or an exception
-- (seeds/exceptions) takes them out, such as the number of a front desk. So an exception row undoes a merge.
with

exceptions as (
    select exceptions.*, kinds.key_kind
    from {{ ref('rul_exceptions') }} as exceptions
    inner join (select distinct rule_id, key_kind from {{ ref('rul_cleansing__identity_keys') }}) as kinds
        on exceptions.rule_id = kinds.rule_id
),

keys as (
    select key_kind, key_key from {{ ref('int_cleansing__node_keys') }}
    union
    select key_kind_a, key_key_a from {{ ref('int_cleansing__key_links') }}
    union
    select key_kind_b, key_key_b from {{ ref('int_cleansing__key_links') }}
),

excepted as (
    select keys.key_key, exceptions.status, exceptions.valid_from, exceptions.valid_to
    from keys
    inner join exceptions
        on
            keys.key_kind = exceptions.key_kind
            and {{ regex_matches(key_value, 'exceptions.pattern') }}
    {%- if patterns %}
    where {{ regex_matches(key_value, sql_text('(?:' ~ patterns | map(attribute=0) | join(')|(?:') ~ ')')) }}
    {%- endif %}
)

select as_of_date, key_key
from {{ ref('int_cleansing__record_key_links') }}
where is_hub
union
select day_ends.as_of_date, excepted.key_key
from excepted
inner join {{ ref('int_cleansing__day_ends') }} as day_ends on {{ active_on('excepted', 'day_ends.as_of_date') }}
