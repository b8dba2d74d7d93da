{# R21, R57. Transitions are a chain: each begins with the state in which the one before it ended, the first one of a lead with
   none, and the last one ends in the state that the lead is in. Looked at for the day-ends of the build: what was published
   before it was held to this then. #}
{% test transitions_chain(model) %}
with

day_ends as (
    select as_of_date, is_current, min(as_of_date) over () as first_on, count(*) over () as day_ends
    from {{ ref('int_cleansing__day_ends') }}
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
    inner join day_ends as today on today.is_current and steps.as_of_date <= today.as_of_date
),

current_states as (
    select path.lead_id, path.state_kind, path.state
    from {{ ref('int_maturity__state_path') }} as path
    inner join day_ends as today on today.is_current and path.as_of_date = today.as_of_date and today.day_ends > 1
    where path.entered_on <= path.as_of_date and path.as_of_date < path.left_on
    union all
    select leads.lead_id, 'lifecycle_status', coalesce(statuses.lifecycle_status, 'captured')
    from {{ ref('int_cleansing__leads') }} as leads
    inner join day_ends as today on today.is_current and leads.as_of_date = today.as_of_date and today.day_ends > 1
    left join {{ ref('int_maturity__lead_lifecycle') }} as statuses
        on leads.as_of_date = statuses.as_of_date and leads.lead_id = statuses.lead_id
)

select lead_id, state_kind, as_of_date, transition_on, from_state as here, former_to_state as should_be
from chain
where as_of_date >= first_on and from_state is distinct from former_to_state
union all
select
    coalesce(current_states.lead_id, chain.lead_id), coalesce(current_states.state_kind, chain.state_kind),
    chain.as_of_date, chain.transition_on, chain.to_state, current_states.state
from current_states
full join (
    select chain.* from chain
    inner join day_ends on day_ends.is_current and day_ends.day_ends > 1
    where chain.newest = 1
) as chain
    on current_states.lead_id = chain.lead_id and current_states.state_kind = chain.state_kind
where current_states.state is distinct from chain.to_state
{% endtest %}
