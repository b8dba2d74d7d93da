{{ config(schema='action', materialized='kept_days') }}
-- Everything that watching over time needs to know about a lead at a day-end, in one place.
with

tags as (
    select
        as_of_date,
        lead_id,
        max(case when tag_group = 'source_channel' then tag end) as source_channel,
        max(case when tag_group = 'industry' then tag end) as industry
    from {{ ref('int_tagging__lead_tags') }}
    where tag_group in ('source_channel', 'industry')
    group by as_of_date, lead_id
),

mql_orders as (
    select day_ends.as_of_date, max(gates.status_order) as mql_order
    from {{ ref('int_cleansing__day_ends') }} as day_ends
    inner join {{ ref('rul_maturity__lifecycle_gates') }} as gates
        on gates.lifecycle_status = 'mql' and {{ active_on('gates', 'day_ends.as_of_date') }}
    group by day_ends.as_of_date
)

select
    scores.as_of_date,
    day_ends.is_in_series,
    scores.lead_id,
    scores.segment,
    scores.scope,
    scores.score_milli,
    scores.band,
    scores.last_activity_on,
    leads.first_known_on,
    tags.source_channel,
    tags.industry,
    maturity.maturity_level,
    stages.decision_stage,
    stages.stage_since_on,
    lifecycle.lifecycle_status,
    case when lifecycle.status_order >= mql_orders.mql_order then 1 else 0 end as is_mql_or_beyond
from {{ ref('int_scoring__lead_scores') }} as scores
inner join {{ ref('int_cleansing__day_ends') }} as day_ends on scores.as_of_date = day_ends.as_of_date
inner join {{ ref('int_cleansing__leads') }} as leads
    on scores.as_of_date = leads.as_of_date and scores.lead_id = leads.lead_id
left join tags on scores.as_of_date = tags.as_of_date and scores.lead_id = tags.lead_id
left join {{ ref('int_maturity__lead_maturity') }} as maturity
    on scores.as_of_date = maturity.as_of_date and scores.lead_id = maturity.lead_id
left join {{ ref('int_maturity__decision_stages') }} as stages
    on scores.as_of_date = stages.as_of_date and scores.lead_id = stages.lead_id
left join {{ ref('int_maturity__lead_lifecycle') }} as lifecycle
    on scores.as_of_date = lifecycle.as_of_date and scores.lead_id = lifecycle.lead_id
left join mql_orders on lifecycle.as_of_date = mql_orders.as_of_date
