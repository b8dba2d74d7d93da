-- Level, decision stage and conversion stage: every move, with the day-end that booked it (R21).
select
    cast(steps.as_of_date as date) as as_of_date,
    cast(steps.lead_id as {{ dbt.type_string() }}) as lead_id,
    cast(steps.state_kind as {{ dbt.type_string() }}) as state_kind,
    cast(steps.transition_on as date) as transition_on,
    cast(steps.from_state as {{ dbt.type_string() }}) as from_state,
    cast(steps.to_state as {{ dbt.type_string() }}) as to_state,
    cast(steps.cause as {{ dbt.type_string() }}) as cause,
    cast(steps.rule_key as {{ dbt.type_string() }}) as rule_key,
    cast(steps.evidence_rule_key as {{ dbt.type_string() }}) as evidence_rule_key,
    cast(steps.from_since_on as date) as from_since_on,
    cast({{ days_between('steps.from_since_on', 'steps.transition_on') }} as bigint) as days_in_from,
    cast(steps.has_ended as boolean) as has_ended
from {{ ref('int_maturity__transitions') }} as steps
inner join {{ ref('int_cleansing__day_ends') }} as day_ends
    on day_ends.is_current and steps.as_of_date <= day_ends.as_of_date
where steps.state_kind <> 'lifecycle_status'
