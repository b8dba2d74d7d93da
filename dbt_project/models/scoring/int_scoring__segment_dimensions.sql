-- Weights, full marks and ageing of each dimension for each lead and state: its segment's rule in force.
select
    states.as_of_date,
    states.state,
    states.lead_id,
    segments.segment,
    segments.scope,
    rules.dimension,
    rules.weight_pct,
    rules.full_marks,
    rules.floor_points,
    rules.half_life_factor_pct,
    rules.inactivity_grace_days,
    rules.rule_key,
    states.owners_on,
    states.rules_on,
    states.attributes_on,
    states.known_on,
    states.age_on,
    states.silence_on,
    states.occurred_until_on
from {{ ref('int_scoring__states') }} as states
inner join {{ ref('int_tagging__lead_segments') }} as segments
    on states.attributes_on = segments.as_of_date and states.lead_id = segments.lead_id
inner join {{ ref('rul_scoring__dimensions') }} as rules
    on segments.segment = rules.segment and {{ active_on('rules', 'states.rules_on') }}
