-- Weights, full marks and ageing of each dimension for each lead at a day-end: its segment's rule in force.
select
    segments.as_of_date,
    segments.lead_id,
    segments.segment,
    segments.scope,
    rules.dimension,
    rules.weight_pct,
    rules.full_marks,
    rules.floor_points,
    rules.half_life_factor_pct,
    rules.inactivity_grace_days,
    rules.rule_key
from {{ ref('int_tagging__lead_segments') }} as segments
inner join {{ ref('rul_scoring__dimensions') }} as rules
    on segments.segment = rules.segment and {{ active_on('rules', 'segments.as_of_date') }}
