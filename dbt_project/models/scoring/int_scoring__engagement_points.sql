-- Engagement points per lead and rule: of an exclusive group only the best rule of a day counts; then the rule's cap.
with

days as (
    select * from {{ ref('int_scoring__engagement_days') }}
),

ranked as (
    select
        days.*,
        row_number() over (
            partition by as_of_date, state, lead_id, occurred_on, exclusive_group
            order by points_milli desc, rule_id asc
        ) as exclusive_rank
    from days
    where exclusive_group is not null
),

counting as (
    select as_of_date, state, lead_id, rule_id, rule_key, cap_points, touches, points_milli, occurred_on
    from days
    where exclusive_group is null
    union all
    select as_of_date, state, lead_id, rule_id, rule_key, cap_points, touches, points_milli, occurred_on
    from ranked
    where exclusive_rank = 1
),

rule_sums as (
    select
        as_of_date,
        state,
        lead_id,
        rule_id,
        rule_key,
        cap_points,
        sum(touches) as touches,
        sum(points_milli) as points_milli,
        max(occurred_on) as last_occurred_on
    from counting
    group by as_of_date, state, lead_id, rule_id, rule_key, cap_points
),

capped as (
    select
        rule_sums.*,
        case
            when cap_points is null then points_milli
            when cap_points < 0 then greatest(points_milli, cap_points * 1000)
            else least(points_milli, cap_points * 1000)
        end as capped_milli
    from rule_sums
)

select as_of_date, state, lead_id, 'points' as kind, rule_id, rule_key, touches, points_milli, last_occurred_on
from capped
where points_milli <> 0

union all

select as_of_date, state, lead_id, 'rule_cap' as kind, rule_id, rule_key, touches, capped_milli - points_milli as points_milli,
    last_occurred_on
from capped
where capped_milli <> points_milli
