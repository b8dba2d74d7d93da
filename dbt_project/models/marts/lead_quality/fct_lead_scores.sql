with

scores as (
    select scores.*
    from {{ ref('int_scoring__lead_scores') }} as scores
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on scores.as_of_date = day_ends.as_of_date and day_ends.is_current
),

-- The ledger has what each day began with, also of days that a daily run does not compute anew.
days_begun as (
    select as_of_date, lead_id, before_milli from {{ ref('int_scoring__score_changes') }}
)

select
    cast(scores.lead_id as varchar) as lead_id,
    cast(scores.as_of_date as date) as as_of_date,
    cast(scores.segment as varchar) as segment,
    cast(scores.scope as varchar) as scope,
    cast(scores.score as bigint) as score,
    cast(scores.score_milli as bigint) as score_milli,
    cast(scores.band as varchar) as band,
    cast(scores.fit_milli as bigint) as fit_milli,
    cast(scores.fit_band as varchar) as fit_band,
    cast(scores.engagement_milli as bigint) as engagement_milli,
    cast(scores.engagement_band as varchar) as engagement_band,
    cast(scores.need_milli as bigint) as need_milli,
    cast(scores.bant_band as varchar) as bant_band,
    cast(scores.score_min_milli as bigint) as score_min_milli,
    cast(scores.score_max_milli as bigint) as score_max_milli,
    cast(scores.unknown_tag_groups as varchar) as unknown_tag_groups,
    cast(scores.score_milli - today.before_milli as bigint) as score_change_1d_milli,
    cast(scores.score_milli - six_days_ago.before_milli as bigint) as score_change_7d_milli,
    cast(maturity.maturity_level as varchar) as maturity_level,
    cast(maturity.maturity_milli as bigint) as maturity_milli,
    cast(maturity.need_clarity_milli as bigint) as need_clarity_milli,
    cast(maturity.purchase_intent_milli as bigint) as purchase_intent_milli,
    cast(maturity.product_match_milli as bigint) as product_match_milli,
    cast(maturity.decision_position_milli as bigint) as decision_position_milli,
    cast(maturity.level_since_on as date) as level_since_on,
    cast(stages.decision_stage as varchar) as decision_stage,
    cast(stages.stage_since_on as date) as stage_since_on,
    cast(conversion.state as varchar) as conversion_stage,
    cast(conversion.entered_on as date) as conversion_stage_since_on,
    cast(conversion.rule_key as varchar) as conversion_rule_key,
    cast({{ days_between('maturity.level_since_on', 'scores.as_of_date') }} as bigint) as days_in_level,
    cast({{ days_between('stages.stage_since_on', 'scores.as_of_date') }} as bigint) as days_in_decision_stage,
    cast({{ days_between('conversion.entered_on', 'scores.as_of_date') }} as bigint) as days_in_conversion_stage,
    cast(scores.last_activity_on as date) as last_activity_on
from scores
left join days_begun as today on scores.lead_id = today.lead_id and scores.as_of_date = today.as_of_date
left join days_begun as six_days_ago
    on scores.lead_id = six_days_ago.lead_id and six_days_ago.as_of_date = {{ add_days('scores.as_of_date', -6) }}
left join {{ ref('int_maturity__lead_maturity') }} as maturity
    on scores.as_of_date = maturity.as_of_date and scores.lead_id = maturity.lead_id
left join {{ ref('int_maturity__decision_stages') }} as stages
    on scores.as_of_date = stages.as_of_date and scores.lead_id = stages.lead_id
left join {{ ref('int_maturity__state_path') }} as conversion
    on
        scores.as_of_date = conversion.as_of_date
        and scores.lead_id = conversion.lead_id
        and conversion.state_kind = 'conversion_stage'
        and conversion.state is not null
        and conversion.entered_on <= scores.as_of_date
        and scores.as_of_date < conversion.left_on
