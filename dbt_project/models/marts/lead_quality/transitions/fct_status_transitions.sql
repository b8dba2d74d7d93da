-- Life-cycle statuses: entry and exit (R57). What a status was left for stands on the row on which it was entered, so that a
-- day-end's own rows do not depend on how far back the record reaches.
with

steps as (
    select
        steps.*,
        day_ends.as_of_date as current_on,
        lead(steps.transition_on) over stays as left_on,
        lead(steps.to_state) over stays as left_for,
        lead(steps.cause) over stays as left_cause
    from {{ ref('int_maturity__transitions') }} as steps
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on day_ends.is_current and steps.as_of_date <= day_ends.as_of_date
    where steps.state_kind = 'lifecycle_status'
    window stays as (partition by steps.lead_id order by steps.as_of_date)
)

select
    cast(steps.as_of_date as date) as as_of_date,
    cast(steps.lead_id as {{ dbt.type_string() }}) as lead_id,
    cast(steps.transition_on as date) as transition_on,
    cast(steps.from_state as {{ dbt.type_string() }}) as from_status,
    cast(steps.to_state as {{ dbt.type_string() }}) as to_status,
    cast(steps.cause as {{ dbt.type_string() }}) as cause,
    cast(gates.owner_side as {{ dbt.type_string() }}) as owner_side,
    cast(steps.to_rule_key as {{ dbt.type_string() }}) as rule_key,
    cast(steps.evidence_rule_key as {{ dbt.type_string() }}) as turned_rule_key,
    cast(steps.left_on as date) as left_on,
    cast(steps.left_for as {{ dbt.type_string() }}) as left_for,
    cast(steps.left_cause as {{ dbt.type_string() }}) as left_cause,
    cast(case
        when steps.to_state is not null
            then {{ days_between('steps.transition_on', 'coalesce(steps.left_on, steps.current_on)') }}
    end as bigint) as days_in_status,
    cast(steps.left_on is null and steps.to_state is not null as boolean) as is_current,
    cast(steps.has_ended as boolean) as has_ended
from steps
left join {{ ref('rul_maturity__lifecycle_gates') }} as gates on steps.to_rule_key = gates.rule_key
