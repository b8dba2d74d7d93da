-- Points for patterns of activity: of a pattern group one rule counts, the highest or the lowest as the group says.
-- The silence rows are one such group. They are written for the grace of the first row; a segment with another grace moves
-- them all by the difference, so that a long cycle stays free of them for longer (R22).
with

metrics as (
    select * from {{ ref('int_scoring__activity_metrics') }}
),

states as (
    select * from {{ ref('int_scoring__segment_dimensions') }}
    where dimension = 'engagement'
),

rules as (
    select * from {{ ref('rul_scoring__engagement_patterns') }}
),

first_silence as (
    select days.rules_on, min(rules.min_value) as days_of_silence
    from (select distinct rules_on from states) as days
    inner join rules
        on rules.metric = 'days_since_last_activity' and {{ active_on('rules', 'days.rules_on') }}
    group by days.rules_on
),

measured as (
    select
        metrics.*,
        states.rules_on,
        metrics.value_number - case
            when metrics.metric = 'days_since_last_activity'
                then coalesce(states.inactivity_grace_days - first_silence.days_of_silence, 0)
            else 0
        end as compared_number
    from metrics
    inner join states
        on
            metrics.as_of_date = states.as_of_date
            and metrics.state = states.state
            and metrics.lead_id = states.lead_id
    left join first_silence on states.rules_on = first_silence.rules_on
),

matched as (
    select
        measured.as_of_date,
        measured.state,
        measured.lead_id,
        rules.rule_id,
        rules.rule_key,
        rules.points,
        measured.last_occurred_on,
        row_number() over (
            partition by measured.as_of_date, measured.state, measured.lead_id, rules.pattern_group
            order by case rules.group_pick when 'lowest' then rules.points else -rules.points end, rules.rule_id
        ) as group_rank
    from measured
    inner join rules
        on
            measured.metric = rules.metric
            and coalesce(measured.window_days, -1) = coalesce(rules.window_days, -1)
            and (rules.min_value is null or measured.compared_number >= rules.min_value)
            and (rules.max_value is null or measured.compared_number <= rules.max_value)
            and {{ active_on('rules', 'measured.rules_on') }}
)

select as_of_date, state, lead_id, 'points' as kind, rule_id, rule_key, points * 1000 as points_milli, last_occurred_on
from matched
where group_rank = 1 and points <> 0
