{{ config(schema='action') }}
-- Why a score fell between the two day-ends of a fall, rule by rule: the first version of the ledger's causes.
-- Caps, clamps of a dimension and rounding follow from the rules' points and are left out; therefore a fall never
-- counts for more than the score really lost (int_action__unexplained_falls).
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
    select
        falls.as_of_date, falls.start_on, falls.lead_id, 0 as is_end,
        points.dimension, points.rule_id, points.rule_key, points.kind, points.touches, points.score_share_milli,
        points.last_occurred_on
    from falls
    inner join points on falls.lead_id = points.lead_id and falls.start_on = points.as_of_date
    union all
    select
        falls.as_of_date, falls.start_on, falls.lead_id, 1 as is_end,
        points.dimension, points.rule_id, points.rule_key, points.kind, points.touches, points.score_share_milli,
        points.last_occurred_on
    from falls
    inner join points on falls.lead_id = points.lead_id and falls.as_of_date = points.as_of_date
),

changes as (
    select
        as_of_date,
        start_on,
        lead_id,
        dimension,
        rule_id,
        max(rule_key) as rule_key,
        count(distinct rule_key) as rule_versions,
        count(distinct is_end) as states,
        sum(case when is_end = 0 then score_share_milli else 0 end) as start_milli,
        sum(case when is_end = 1 then score_share_milli else 0 end) as end_milli,
        max(case when is_end = 0 then touches else 0 end) as start_touches,
        max(case when is_end = 1 then touches else 0 end) as end_touches,
        max(case when is_end = 0 then last_occurred_on end) as start_occurred_on,
        max(case when is_end = 1 then last_occurred_on end) as end_occurred_on
    from both_states
    group by as_of_date, start_on, lead_id, dimension, rule_id
),

explained as (
    select
        changes.*,
        start_weights.segment <> end_weights.segment as is_other_segment,
        start_weights.rule_key <> end_weights.rule_key as is_reweighted,
        coalesce(
            changes.states = 2
            and changes.start_touches = changes.end_touches
            and changes.start_occurred_on = changes.end_occurred_on, false
        ) as is_same_evidence,
        patterns.metric as pattern_metric,
        patterns.rule_key is not null as is_pattern,
        need.signal_kind as need_signal_kind
    from changes
    inner join {{ ref('int_scoring__segment_dimensions') }} as start_weights
        on
            changes.start_on = start_weights.as_of_date
            and changes.lead_id = start_weights.lead_id
            and changes.dimension = start_weights.dimension
            and start_weights.state = 'day_end'
    inner join {{ ref('int_scoring__segment_dimensions') }} as end_weights
        on
            changes.as_of_date = end_weights.as_of_date
            and changes.lead_id = end_weights.lead_id
            and changes.dimension = end_weights.dimension
            and end_weights.state = 'day_end'
    left join {{ ref('rul_scoring__engagement_patterns') }} as patterns
        on changes.dimension = 'engagement' and changes.rule_key = patterns.rule_key
    left join {{ ref('rul_scoring__need') }} as need
        on changes.dimension = 'need' and changes.rule_key = need.rule_key
)

select
    as_of_date,
    start_on,
    lead_id,
    dimension,
    rule_id,
    rule_key,
    case
        when pattern_metric = 'days_since_last_activity' then 'inactivity'
        when rule_versions > 1 then 'rule_change'
        when is_other_segment then 'attribute'
        when is_reweighted then 'rule_change'
        when dimension = 'fit' then 'attribute'
        -- A pattern that no longer holds is a window that moved on; one that begins to cost points is an event.
        when is_pattern then case when end_milli < 0 and states = 1 then 'behaviour' else 'decay' end
        when is_same_evidence then 'decay'
        when need_signal_kind in ('form_field', 'tag') then 'attribute'
        when dimension = 'need' or end_touches > start_touches or end_occurred_on > start_occurred_on then 'behaviour'
        -- Beyond ten half-lives a touch is worth less than a thousandth: what vanishes with more than that left, left the lead.
        when states = 2 or start_milli > 100 then 'identity'
        else 'decay'
    end as cause,
    start_milli,
    end_milli,
    end_milli - start_milli as change_milli
from explained
where end_milli <> start_milli
