-- depends_on: {{ ref('rul_tagging__tag_rules') }}
{# Patterns become constants of the SQL: fifty times faster than a join on patterns (FACTS). Rules and values are compared in
   simplified characters, on both sides: 採購總監 is a 采购总监. #}
{% set patterns = rule_rows(
    ref('rul_tagging__tag_rules'),
    "select distinct attribute, match_kind, argument from " ~ ref('rul_tagging__tag_rules')
    ~ " where match_kind in ('regex', 'contains') order by attribute, match_kind, argument"
) %}
{% set attributes = patterns | map(attribute=0) | unique | list %}

with

attribute_values as (
    select attribute, value_text, {{ simplified('value_text') }} as simplified_text
    from {{ ref('int_tagging__attribute_values') }}
),

rules as (
    select * from {{ ref('rul_tagging__tag_rules') }}
),

equal_words as (
    select distinct attribute, argument, {{ simplified('argument') }} as simplified_argument
    from rules
    where match_kind = 'equals'
),

-- The engine may look for a pattern before it asks for the attribute: over the values of all attributes that took four
-- times as long.
{% for attribute in attributes %}
values_{{ loop.index }} as (
    select * from attribute_values
    where attribute = {{ sql_text(attribute) }}
),
{% endfor %}

pattern_hits as (
    {% for attribute, match_kind, argument in patterns %}
    select attribute, value_text, '{{ match_kind }}' as match_kind, {{ sql_text(argument) }} as argument
    from values_{{ attributes.index(attribute) + 1 }}
    {%- set words = sql_text(argument.translate(simplified_by_character())) %}
    where {% if match_kind == 'regex' %}{{ regex_matches('simplified_text', words) }}{% else %}position({{ words }} in simplified_text) > 0{% endif %}

    union all
    {% endfor %}
    select attribute_values.attribute, attribute_values.value_text, 'equals' as match_kind, equal_words.argument
    from attribute_values
    inner join equal_words
        on
            attribute_values.attribute = equal_words.attribute
            and attribute_values.simplified_text = equal_words.simplified_argument
)

select
    hits.attribute,
    hits.value_text,
    rules.rule_key,
    rules.rule_id,
    rules.tag_group,
    rules.tag,
    rules.priority,
    rules.valid_from,
    rules.valid_to,
    rules.status
from pattern_hits as hits
inner join rules
    on
        hits.attribute = rules.attribute
        and hits.match_kind = rules.match_kind
        and hits.argument = rules.argument
