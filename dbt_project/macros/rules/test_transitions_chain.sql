{# R21, R57. Transitions are a chain: each begins with the state in which the one before it ended, the first one of a lead with
   none, and the last one ends in the state that the lead is in. Looked at for the day-ends of the build: what was published
   before it was held to this then. #}
{% test transitions_chain(model) %}
with

days as (
    {{ compared_day_ends() }}
),

today as (
    select max(as_of_date) as as_of_date, min(as_of_date) as first_on from days
),

chain as (
    select
        steps.*,
        today.first_on,
        lag(steps.to_state) over (
            partition by steps.lead_id, steps.state_kind order by steps.as_of_date, steps.transition_on
        ) as former_to_state,
        row_number() over (
            partition by steps.lead_id, steps.state_kind order by steps.as_of_date desc, steps.transition_on desc
        ) as newest
    from {{ model }} as steps
    inner join today on steps.as_of_date <= today.as_of_date
),

current_states as (
    select path.lead_id, path.state_kind, path.state
    from {{ ref('int_maturity__state_path') }} as path
    inner join today on path.as_of_date = today.as_of_date
    where path.entered_on <= path.as_of_date and path.as_of_date < path.left_on
    union all
    select leads.lead_id, 'lifecycle_status', coalesce(statuses.lifecycle_status, 'captured')
    from {{ ref('int_cleansing__leads') }} as leads
    inner join today on leads.as_of_date = today.as_of_date
    left join {{ ref('int_maturity__lead_lifecycle') }} as statuses
        on leads.as_of_date = statuses.as_of_date and leads.lead_id = statuses.lead_id
)

select lead_id, state_kind, as_of_date, transition_on, from_state as here, former_to_state as should_be
from chain
where as_of_date >= first_on and from_state is distinct from former_to_state
union all
select
    coalesce(current_states.lead_id, ends.lead_id), coalesce(current_states.state_kind, ends.state_kind),
    ends.as_of_date, ends.transition_on, ends.to_state, current_states.state
from current_states
full join (
    select * from chain
    where newest = 1
) as ends
    on current_states.lead_id = ends.lead_id and current_states.state_kind = ends.state_kind
where current_states.state is distinct from ends.to_state
{% endtest %}
