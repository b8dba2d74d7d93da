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
),

statuses as (
    select as_of_date, lead_id, lifecycle_status, status_order, precedence, rule_key
    from ranked
    where status_rank = 1
),

-- The gate that turned a status since the day-end before: of a status that was gained one that opened, of a lost one that
-- closed. A status gained or lost through another one is put down to the gate of that one.
moves as (
    select
        later.as_of_date,
        pairs.previous_on,
        later.lead_id,
        later.precedence > earlier.precedence as is_gained,
        case when later.precedence > earlier.precedence then later.lifecycle_status else earlier.lifecycle_status end as turned_status,
        case when later.precedence > earlier.precedence then later.precedence else earlier.precedence end as turned_precedence
    from {{ ref('int_scoring__day_end_pairs') }} as pairs
    inner join statuses as later on pairs.as_of_date = later.as_of_date
    inner join statuses as earlier on pairs.previous_on = earlier.as_of_date and later.lead_id = earlier.lead_id
    where later.lifecycle_status <> earlier.lifecycle_status
),

turned_gates as (
    select
        moves.as_of_date,
        moves.lead_id,
        there.rule_key,
        case
            when there.valid_from > moves.previous_on or there.valid_to <= moves.as_of_date then 'rule'
            when there.condition in (
                'engagement_points_at_least', 'score_band_in', 'bant_band_in', 'maturity_level_in'
            ) then 'score'
            when there.condition in ('feedback_outcome_in', 'reject_reason_in') then 'feedback'
            when there.condition = 'operation_in' then 'operation'
            when there.condition = 'opportunity_stage_in' then 'opportunity'
            when there.condition = 'customer_event_in' then 'customer_event'
            when there.condition in ('form_purpose_in', 'touch_in')
                then case when moves.is_gained then 'behaviour' else 'expiry' end
            else 'attribute'
        end as turned_by,
        row_number() over (
            partition by moves.as_of_date, moves.lead_id
            order by
                case
                    when there.condition = 'status_reached' then 3
                    when there.lifecycle_status = moves.turned_status then 1
                    else 2
                end,
                there.precedence desc,
                there.rule_key asc
        ) as gate_rank
    from moves
    inner join gates_{{ rounds }} as there
        on
            case when moves.is_gained then moves.as_of_date else moves.previous_on end = there.as_of_date
            and moves.lead_id = there.lead_id
            and there.is_met_now
            and there.precedence <= moves.turned_precedence
    left join gates_{{ rounds }} as elsewhere
        on
            case when moves.is_gained then moves.previous_on else moves.as_of_date end = elsewhere.as_of_date
            and moves.lead_id = elsewhere.lead_id
            and there.rule_id = elsewhere.rule_id
    where not coalesce(elsewhere.is_met_now, false)
)

select
    statuses.as_of_date,
    statuses.lead_id,
    statuses.lifecycle_status,
    statuses.status_order,
    statuses.precedence,
    statuses.rule_key,
    turned_gates.rule_key as turned_rule_key,
    turned_gates.turned_by
from statuses
left join turned_gates
    on
        statuses.as_of_date = turned_gates.as_of_date
        and statuses.lead_id = turned_gates.lead_id
        and turned_gates.gate_rank = 1
