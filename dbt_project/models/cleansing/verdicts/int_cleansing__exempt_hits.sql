-- Hits that an exception (seeds/exceptions) takes back, with the days on which it does.
select distinct
    hits.feed,
    hits.delivery_id,
    hits.delivery_row,
    hits.rule_key,
    exceptions.rule_key as exception_key,
    exceptions.status,
    exceptions.valid_from,
    exceptions.valid_to
from {{ ref('int_cleansing__verdict_hits') }} as hits
inner join {{ ref('rul_exceptions') }} as exceptions
    on
        hits.rule_id = exceptions.rule_id
        and {{ regex_matches('lower(hits.value_text)', 'exceptions.pattern') }}
