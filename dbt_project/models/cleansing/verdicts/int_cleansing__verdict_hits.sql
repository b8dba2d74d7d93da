select
    feed,
    record_key,
    delivery_id,
    delivery_row,
    known_on,
    attribute,
    rule_key,
    rule_id,
    verdict,
    value_text,
    cast(null as date) as resolved_on
from {{ ref('int_cleansing__record_check_hits') }}
union all
select
    feed,
    record_key,
    delivery_id,
    delivery_row,
    known_on,
    attribute,
    rule_key,
    rule_id,
    verdict,
    value_text,
    resolved_on
from {{ ref('int_cleansing__touch_type_hits') }}
