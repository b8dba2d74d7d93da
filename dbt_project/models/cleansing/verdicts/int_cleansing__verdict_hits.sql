-- Every hit with the days on which it stands: those of the rule version, and within them those on which the list that the
-- check asks says so. Rows that are appended to rules or lists later never change an earlier day.
with

hits as (
    select
        feed, record_key, delivery_id, delivery_row, known_on, attribute, rule_key, rule_id, verdict, value_text,
        listed_from, listed_to
    from {{ ref('int_cleansing__record_check_hits') }}
    union all
    select
        feed, record_key, delivery_id, delivery_row, known_on, attribute, rule_key, rule_id, verdict, value_text,
        cast('0001-01-01' as date) as listed_from,
        coalesce(resolved_on, cast('9999-12-31' as date)) as listed_to
    from {{ ref('int_cleansing__touch_type_hits') }}
),

dated as (
    select
        hits.*,
        greatest(rules.valid_from, hits.listed_from) as stands_from,
        least(rules.valid_to, hits.listed_to) as stands_to
    from hits
    inner join {{ ref('rul_cleansing__verdicts') }} as rules
        on hits.rule_key = rules.rule_key and rules.status = 'active'
)

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
    stands_from,
    stands_to
from dated
where stands_from < stands_to
