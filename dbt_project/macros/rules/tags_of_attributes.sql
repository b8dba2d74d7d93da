{# The tags that follow from one attribute each, for whatever carries the attributes (leads, accounts). In a group of
   cardinality `one` the smallest (priority, rule_id) wins (DESIGN 2).
   attributes: a relation with as_of_date, thing, attribute, value_text, value_number; thing: its column of ids. #}
{% macro tags_of_attributes(attributes, thing) %}
with

attributes as (
    select * from {{ attributes }}
),

text_tags as (
    select
        attributes.as_of_date,
        attributes.{{ thing }},
        value_tags.tag_group,
        value_tags.tag,
        value_tags.priority,
        value_tags.rule_id,
        value_tags.rule_key,
        attributes.value_text
    from attributes
    inner join {{ ref('int_tagging__value_tags') }} as value_tags
        on
            attributes.attribute = value_tags.attribute
            and attributes.value_text = value_tags.value_text
            and {{ active_on('value_tags', 'attributes.as_of_date') }}
),

range_tags as (
    select
        attributes.as_of_date,
        attributes.{{ thing }},
        rules.tag_group,
        rules.tag,
        rules.priority,
        rules.rule_id,
        rules.rule_key,
        attributes.value_text
    from attributes
    inner join {{ ref('rul_tagging__tag_rules') }} as rules
        on
            attributes.attribute = rules.attribute
            and rules.match_kind = 'range'
            and attributes.value_number >= coalesce(rules.range_min, attributes.value_number)
            and (rules.range_max is null or attributes.value_number < rules.range_max)
            and {{ active_on('rules', 'attributes.as_of_date') }}
    where attributes.value_number is not null
),

all_tags as (
    select * from text_tags
    union all
    select * from range_tags
),

groups as (
    select * from {{ ref('rul_vocabulary__tag_groups') }}
),

-- In a group of cardinality `many` each tag is a choice of its own.
ranked as (
    select
        all_tags.*,
        row_number() over (
            partition by
                all_tags.as_of_date, all_tags.{{ thing }}, all_tags.tag_group,
                case when groups.cardinality = 'many' then all_tags.tag end
            order by all_tags.priority, all_tags.rule_id, all_tags.value_text
        ) as choice_rank
    from all_tags
    inner join groups on all_tags.tag_group = groups.tag_group
)

select as_of_date, {{ thing }}, tag_group, tag, rule_id, rule_key, value_text
from ranked
where choice_rank = 1
{% endmacro %}
