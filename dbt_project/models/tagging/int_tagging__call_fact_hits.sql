-- depends_on: {{ ref('rul_tagging__call_facts') }}
{% set patterns = rule_rows(
    ref('rul_tagging__call_facts'),
    "select distinct pattern from " ~ ref('rul_tagging__call_facts') ~ " order by pattern"
) %}

with

quotes as (
    select distinct quote, {{ simplified('lower(quote)') }} as quote_text from {{ ref('int_tagging__call_turns') }}
),

hits as (
    {% for row in patterns %}
    select quote, {{ sql_text(row[0]) }} as pattern
    from quotes
    where {{ regex_matches('quote_text', sql_text(row[0].translate(simplified_by_character()))) }}

    union all
    {% endfor %}
    select quote, cast(null as {{ dbt.type_string() }}) as pattern
    from quotes
    where false
)

select
    turns.record_key,
    turns.feed,
    turns.occurred_on,
    turns.known_on,
    turns.superseded_on,
    turns.quote,
    rules.fact_kind,
    rules.fact_group,
    rules.polarity,
    rules.priority,
    rules.rule_id,
    rules.rule_key,
    rules.valid_from,
    rules.valid_to,
    rules.status
from hits
inner join {{ ref('rul_tagging__call_facts') }} as rules on hits.pattern = rules.pattern
inner join {{ ref('int_tagging__call_turns') }} as turns on hits.quote = turns.quote
