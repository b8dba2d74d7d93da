{{ config(schema='lead_quality') }}
-- Points that a lead loses for being silent, or for not answering us: an own touch today would end both.
select
    contributions.lead_id,
    cast(sum(contributions.points_milli) as bigint) as penalty_milli
from {{ ref('int_scoring__contributions') }} as contributions
inner join {{ ref('int_cleansing__day_ends') }} as day_ends
    on contributions.as_of_date = day_ends.as_of_date and day_ends.is_current
inner join {{ ref('rul_scoring__engagement_patterns') }} as patterns
    on
        contributions.rule_key = patterns.rule_key
        and patterns.metric in ('days_since_last_activity', 'unanswered_outbound')
where contributions.kind = 'points' and contributions.points_milli < 0
group by contributions.lead_id
