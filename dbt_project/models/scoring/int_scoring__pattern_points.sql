-- Points for patterns of activity: of a pattern group one rule counts, the highest or the lowest as the group says.
-- The silence rows are one such group; a segment's grace keeps long cycles free of them (R22).
with

matched as (
    select
        metrics.as_of_date,
        metrics.lead_id,
        rules.rule_id,
        rules.rule_key,
        rules.points,
        metrics.last_occurred_on,
        row_number() over (
            partition by metrics.as_of_date, metrics.lead_id, rules.pattern_group
            order by case rules.group_pick when 'lowest' then rules.points else -rules.points end, rules.rule_id
        ) as group_rank
    from {{ ref('int_scoring__activity_metrics') }} as metrics
    inner join {{ ref('rul_scoring__engagement_patterns') }} as rules
        on
            metrics.metric = rules.metric
            and coalesce(metrics.window_days, -1) = coalesce(rules.window_days, -1)
            and metrics.value_number >= rules.min_value
            and (rules.max_value is null or metrics.value_number <= rules.max_value)
            and {{ active_on('rules', 'metrics.as_of_date') }}
    inner join {{ ref('int_scoring__segment_dimensions') }} as segments
        on
            metrics.as_of_date = segments.as_of_date
            and metrics.lead_id = segments.lead_id
            and segments.dimension = 'engagement'
            and (rules.metric <> 'days_since_last_activity' or metrics.value_number >= segments.inactivity_grace_days)
)

select as_of_date, lead_id, 'points' as kind, rule_id, rule_key, points * 1000 as points_milli, last_occurred_on
from matched
where group_rank = 1 and points <> 0
