{{ config(schema='action') }}
-- Which rows of rule_action__priority hold for which lead, found by equality on the metric's name. A metric with several
-- values, such as the forms of the last day, hits a rule once.
with

day_end as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }} where is_current
)

select
    metrics.lead_id,
    rules.rule_id,
    rules.rule_key,
    rules.priority_kind,
    cast(max(case rules.operator
        when 'times' then rules.points * metrics.value_milli
        else coalesce(rules.points, 0) * 1000
    end) as bigint) as priority_milli
from {{ ref('int_action__lead_metrics') }} as metrics
cross join day_end
inner join {{ ref('rul_action__priority') }} as rules
    on metrics.metric = rules.metric and {{ active_on('rules', 'day_end.as_of_date') }}
where
    rules.priority_kind <> 'tiebreak'
    and case rules.operator
        when 'equals' then metrics.value_text = rules.argument
        when 'in' then {{ is_in_list('metrics.value_text', 'rules.argument') }}
        when 'at_least' then metrics.value_milli >= rules.threshold * 1000
        when 'at_most' then metrics.value_milli <= rules.threshold * 1000
        when 'times' then metrics.value_milli is not null
    end
group by metrics.lead_id, rules.rule_id, rules.rule_key, rules.priority_kind
