-- Points for patterns of activity: of a pattern group one rule counts, the highest or the lowest as the group says.
-- The silence rows are one such group. They are written for the grace of the first row; a segment with another grace moves
-- them all by the difference, so that a long cycle stays free of them for longer (R22).
with

metrics as (
    select * from {{ ref('int_scoring__activity_metrics') }}
),

rules as (
    select * from {{ ref('rul_scoring__engagement_patterns') }}
),

first_silence as (
    select days.as_of_date, min(rules.min_value) as days_of_silence
    from (select distinct as_of_date from metrics) as days
    inner join rules
        on rules.metric = 'days_since_last_activity' and {{ active_on('rules', 'days.as_of_date') }}
    group by days.as_of_date
),

measured as (
    select
        metrics.*,
        metrics.value_number - case
            when metrics.metric = 'days_since_last_activity'
                then coalesce(segments.inactivity_grace_days - first_silence.days_of_silence, 0)
            else 0
        end as compared_number
    from metrics
    inner join {{ ref('int_scoring__segment_dimensions') }} as segments
        on
            metrics.as_of_date = segments.as_of_date
            and metrics.lead_id = segments.lead_id
            and segments.dimension = 'engagement'
    left join first_silence on metrics.as_of_date = first_silence.as_of_date
),

matched as (
    select
        measured.as_of_date,
        measured.lead_id,
        rules.rule_id,
        rules.rule_key,
        rules.points,
        measured.last_occurred_on,
        row_number() over (
            partition by measured.as_of_date, measured.lead_id, rules.pattern_group
            order by case rules.group_pick when 'lowest' then rules.points else -rules.points end, rules.rule_id
        ) as group_rank
    from measured
    inner join rules
        on
            measured.metric = rules.metric
            and coalesce(measured.window_days, -1) = coalesce(rules.window_days, -1)
            and (rules.min_value is null or measured.compared_number >= rules.min_value)
            and (rules.max_value is null or measured.compared_number <= rules.max_value)
            and {{ active_on('rules', 'measured.as_of_date') }}
)

select as_of_date, lead_id, 'points' as kind, rule_id, rule_key, points * 1000 as points_milli, last_occurred_on
from matched
where group_rank = 1 and points <> 0
