{# A status needs all of its `all` gates and, where it has any, one of its `any` gates; an `enter` gate is enough alone.
   Gates on another status are settled in rounds: valid, then sal, then sql. Of the statuses reached the one with the
   highest precedence is the lead's; it never follows from points alone (R57). #}
{% set rounds = 3 %}

with

leads as (
    select as_of_date, lead_id from {{ ref('int_cleansing__leads') }}
),

gates as (
    select leads.as_of_date, leads.lead_id, rules.*
    from leads
    inner join {{ ref('rul_maturity__lifecycle_gates') }} as rules on {{ active_on('rules', 'leads.as_of_date') }}
),

conditions as (
    select * from {{ ref('int_maturity__lead_conditions') }}
),

facts_met as (
    select distinct gates.as_of_date, gates.lead_id, gates.rule_key
    from gates
    inner join conditions
        on
            gates.as_of_date = conditions.as_of_date
            and gates.lead_id = conditions.lead_id
            and case when gates.condition = 'is_not_excluded' then 'is_excluded' else gates.condition end = conditions.condition
            and (gates.argument is null or {{ is_in_list('conditions.word', 'gates.argument') }})
            and coalesce(conditions.amount >= gates.threshold, true)
            and coalesce(conditions.age_days <= gates.threshold, true)
),

gates_before_statuses as (
    select
        gates.*,
        case gates.condition
            when 'is_not_excluded' then facts_met.rule_key is null
            when 'status_reached' then false
            else facts_met.rule_key is not null
        end as is_met
    from gates
    left join facts_met
        on
            gates.as_of_date = facts_met.as_of_date
            and gates.lead_id = facts_met.lead_id
            and gates.rule_key = facts_met.rule_key
),

reached_0 as (
    select as_of_date, lead_id, lifecycle_status
    from gates_before_statuses
    where false
),
{% for round in range(1, rounds + 1) %}
gates_{{ round }} as (
    select
        gates.*,
        gates.is_met or (gates.condition = 'status_reached' and reached.lifecycle_status is not null) as is_met_now
    from gates_before_statuses as gates
    left join reached_{{ round - 1 }} as reached
        on
            gates.as_of_date = reached.as_of_date
            and gates.lead_id = reached.lead_id
            and gates.argument = reached.lifecycle_status
),

reached_{{ round }} as (
    select
        as_of_date,
        lead_id,
        lifecycle_status,
        max(status_order) as status_order,
        max(precedence) as precedence,
        coalesce(
            min(case when gate_kind = 'enter' and is_met_now then rule_key end),
            min(case when gate_kind = 'any' and is_met_now then rule_key end),
            min(case when gate_kind = 'all' and is_met_now then rule_key end)
        ) as rule_key
    from gates_{{ round }}
    group by as_of_date, lead_id, lifecycle_status
    having
        max(case when gate_kind = 'enter' and is_met_now then 1 else 0 end) = 1
        or (
            min(case when gate_kind = 'all' and not is_met_now then 0 else 1 end) = 1
            and max(case when gate_kind in ('all', 'any') then 1 else 0 end) = 1
            and (
                max(case when gate_kind = 'any' then 1 else 0 end) = 0
                or max(case when gate_kind = 'any' and is_met_now then 1 else 0 end) = 1
            )
        )
),
{% endfor %}

ranked as (
    select
        reached.*,
        row_number() over (partition by as_of_date, lead_id order by precedence desc, lifecycle_status asc) as status_rank
    from reached_{{ rounds }} as reached
)

select as_of_date, lead_id, lifecycle_status, status_order, rule_key
from ranked
where status_rank = 1
