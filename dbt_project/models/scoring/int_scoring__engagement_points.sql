-- Engagement points per lead and rule: of an exclusive group only the best rule of a day counts; then the rule's cap.
with

rules as (
    select * from {{ ref('rul_scoring__engagement') }}
),

ranked as (
    select
        days.*,
        row_number() over (
            partition by days.as_of_date, days.state, days.lead_id, days.occurred_on, rules.exclusive_group
            order by days.points_milli desc, rules.rule_id asc
        ) as exclusive_rank
    from {{ ref('int_scoring__engagement_days') }} as days
    inner join rules on days.rule_key = rules.rule_key
    where rules.exclusive_group is not null
),

-- A rule without points, such as an opened mail, has none to add up, but may win its group.
counting as (
    select days.as_of_date, days.state, days.lead_id, days.rule_key, days.touches, days.points_milli, days.occurred_on
    from {{ ref('int_scoring__engagement_days') }} as days
    inner join rules on days.rule_key = rules.rule_key
    where rules.exclusive_group is null and rules.points <> 0
    union all
    select as_of_date, state, lead_id, rule_key, touches, points_milli, occurred_on
    from ranked
    where exclusive_rank = 1
),

rule_sums as (
    select
        as_of_date,
        state,
        lead_id,
        rule_key,
        cast(sum(touches) as bigint) as touches,
        cast(sum(points_milli) as bigint) as points_milli,
        max(occurred_on) as last_occurred_on
    from counting
    group by as_of_date, state, lead_id, rule_key
),

capped as (
    select
        rule_sums.*,
        rules.rule_id,
        case
            when rules.cap_points is null then rule_sums.points_milli
            when rules.cap_points < 0 then greatest(rule_sums.points_milli, rules.cap_points * 1000)
            else least(rule_sums.points_milli, rules.cap_points * 1000)
        end as capped_milli
    from rule_sums
    inner join rules on rule_sums.rule_key = rules.rule_key
)

select as_of_date, state, lead_id, 'points' as kind, rule_id, rule_key, touches, points_milli, last_occurred_on
from capped
where points_milli <> 0

union all

select as_of_date, state, lead_id, 'rule_cap' as kind, rule_id, rule_key, touches, capped_milli - points_milli as points_milli,
    last_occurred_on
from capped
where capped_milli <> points_milli
