-- The decision stage of a lead over time: of the stages held on a day the furthest one.
with

holds as ( -- noqa: ST03
    select
        as_of_date, lead_id, decision_stage as state, stage_order as state_order,
        cast(null as {{ dbt.type_string() }}) as rule_key, held_from as valid_from, held_to as valid_to
    from {{ ref('int_maturity__stage_holds') }}
),

stays as (
    {{ furthest_held('holds') }}
)

select as_of_date, lead_id, path_no, state as decision_stage, entered_on, left_on
from stays
