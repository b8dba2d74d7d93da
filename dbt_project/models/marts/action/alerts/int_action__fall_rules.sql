{{ config(schema='action') }}
-- The rules that took points between the two day-ends of a fall, caps of the rule included.
with

falls as (
    select distinct as_of_date, start_on, lead_id from {{ ref('int_action__score_falls') }}
),

points as (
    select *
    from {{ ref('int_scoring__contributions') }}
    where kind in ('points', 'rule_cap')
),

both_states as (
    select falls.as_of_date, falls.start_on, falls.lead_id, points.rule_id, points.rule_key, -points.score_share_milli as change_milli
    from falls
    inner join points on falls.lead_id = points.lead_id and falls.start_on = points.as_of_date
    union all
    select falls.as_of_date, falls.start_on, falls.lead_id, points.rule_id, points.rule_key, points.score_share_milli as change_milli
    from falls
    inner join points on falls.lead_id = points.lead_id and falls.as_of_date = points.as_of_date
)

select as_of_date, start_on, lead_id, rule_id, max(rule_key) as rule_key, cast(sum(change_milli) as bigint) as change_milli
from both_states
group by as_of_date, start_on, lead_id, rule_id
having sum(change_milli) < 0
