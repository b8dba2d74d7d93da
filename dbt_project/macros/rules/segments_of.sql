{# The segment of things: the first segment rule (priority) that holds.
   facts: a relation with as_of_date, thing, metric, value_text, value_number; thing: its column of ids. #}
{% macro segments_of(facts, thing) %}
select as_of_date, {{ thing }}, segment, rule_id, rule_key
from (
    select
        facts.as_of_date,
        facts.{{ thing }},
        rules.segment,
        rules.rule_id,
        rules.rule_key,
        row_number() over (
            partition by facts.as_of_date, facts.{{ thing }}
            order by rules.priority, rules.rule_id
        ) as segment_rank
    from {{ facts }} as facts
    inner join {{ ref('rul_tagging__segment') }} as rules
        on
            facts.metric = rules.metric
            and {{ active_on('rules', 'facts.as_of_date') }}
            and case rules.operator
                when 'in' then {{ is_in_list('facts.value_text', 'rules.argument') }}
                when 'at_least' then facts.value_number >= try_cast(rules.argument as bigint)
                when 'always' then true
                else false
            end
) as ranked
where segment_rank = 1
{% endmacro %}
