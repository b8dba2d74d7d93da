-- The segment whose weights and thresholds a lead gets: the first segment rule (priority) that holds.
with

leads as (
    select as_of_date, lead_id, headcount from {{ ref('int_cleansing__leads') }}
),

facts as (
    select as_of_date, lead_id, tag_group as metric, tag as value_text, cast(null as bigint) as value_number
    from {{ ref('int_tagging__lead_tags') }}
    union all
    select as_of_date, lead_id, 'headcount' as metric, null as value_text, headcount as value_number
    from leads
    where headcount is not null
    union all
    select as_of_date, lead_id, 'always' as metric, null as value_text, null as value_number
    from leads
),

ranked as (
    select
        facts.as_of_date,
        facts.lead_id,
        rules.segment,
        rules.rule_id,
        rules.rule_key,
        row_number() over (
            partition by facts.as_of_date, facts.lead_id
            order by rules.priority, rules.rule_id
        ) as segment_rank
    from facts
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
)

select
    as_of_date,
    lead_id,
    segment,
    case when segment = 'b2c' then 'b2c' else 'b2b' end as scope,
    rule_id,
    rule_key
from ranked
where segment_rank = 1
