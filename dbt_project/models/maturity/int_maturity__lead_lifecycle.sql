{# A status needs all of its `all` gates and, where it has any, one of its `any` gates; an `enter` gate is enough alone.
   Gates on another status are settled in rounds: valid, then sal, then sql. Of the statuses reached the one with the
   highest precedence is the lead's; it never follows from points alone (R57).
   Only gates that are met are rows, counted against those that a status has: a lead meets a third of its gates. #}
{% set rounds = 3 %}

with

leads as (
    select as_of_date, lead_id from {{ ref('int_cleansing__leads') }}
),

gates as (
    select
        day_ends.as_of_date, rules.*,
        sum(case when rules.gate_kind = 'all' then 1 else 0 end) over status_on_day as all_gates,
        sum(case when rules.gate_kind = 'any' then 1 else 0 end) over status_on_day as any_gates
    from {{ ref('int_cleansing__day_ends') }} as day_ends
    inner join {{ ref('rul_maturity__lifecycle_gates') }} as rules on {{ active_on('rules', 'day_ends.as_of_date') }}
    window status_on_day as (partition by day_ends.as_of_date, rules.lifecycle_status)
),

facts_met as (
    select distinct conditions.as_of_date, conditions.lead_id, gates.rule_key
    from {{ ref('int_maturity__lead_conditions') }} as conditions
    inner join gates
        on
            conditions.as_of_date = gates.as_of_date
            and conditions.condition
            = case when gates.condition = 'is_not_excluded' then 'is_excluded' else gates.condition end
            and (gates.argument is null or {{ is_in_list('conditions.word', 'gates.argument') }})
            and coalesce(conditions.amount >= gates.threshold, true)
            and coalesce(conditions.age_days <= gates.threshold, true)
),

met_by_facts as (
    select facts_met.as_of_date, facts_met.lead_id, facts_met.rule_key
    from facts_met
    inner join gates
        on
            facts_met.as_of_date = gates.as_of_date
            and facts_met.rule_key = gates.rule_key
            and gates.condition <> 'is_not_excluded'
    union all
    select leads.as_of_date, leads.lead_id, gates.rule_key
    from leads
    inner join gates on leads.as_of_date = gates.as_of_date and gates.condition = 'is_not_excluded'
    left join facts_met
        on
            leads.as_of_date = facts_met.as_of_date
            and leads.lead_id = facts_met.lead_id
            and gates.rule_key = facts_met.rule_key
    where facts_met.rule_key is null
),

{% for round in range(1, rounds + 1) %}
met_{{ round }} as (
    select as_of_date, lead_id, rule_key from met_by_facts
    {% if round > 1 %}
    union all
    select reached.as_of_date, reached.lead_id, gates.rule_key
    from reached_{{ round - 1 }} as reached
    inner join gates
        on
            reached.as_of_date = gates.as_of_date
            and reached.lifecycle_status = gates.argument
            and gates.condition = 'status_reached'
    {% endif %}
),

reached_{{ round }} as (
    select
        met.as_of_date,
        met.lead_id,
        gates.lifecycle_status,
        max(gates.status_order) as status_order,
        max(gates.precedence) as precedence,
        coalesce(
            min(case when gates.gate_kind = 'enter' then gates.rule_key end),
            min(case when gates.gate_kind = 'any' then gates.rule_key end),
            min(case when gates.gate_kind = 'all' then gates.rule_key end)
        ) as rule_key
    from met_{{ round }} as met
    inner join gates on met.as_of_date = gates.as_of_date and met.rule_key = gates.rule_key
    group by met.as_of_date, met.lead_id, gates.lifecycle_status, gates.all_gates, gates.any_gates
    having
        max(case when gates.gate_kind = 'enter' then 1 else 0 end) = 1
        or (
            sum(case when gates.gate_kind = 'all' then 1 else 0 end) = gates.all_gates
            and gates.all_gates + gates.any_gates > 0
            and (gates.any_gates = 0 or max(case when gates.gate_kind = 'any' then 1 else 0 end) = 1)
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

met_gates as (
    select
        met.as_of_date, met.lead_id, gates.rule_id, gates.rule_key, gates.lifecycle_status, gates.precedence,
        gates.condition, gates.valid_from, gates.valid_to
    from met_{{ rounds }} as met
    inner join (select distinct lead_id from moves) as moved on met.lead_id = moved.lead_id
    inner join gates on met.as_of_date = gates.as_of_date and met.rule_key = gates.rule_key
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
    inner join met_gates as there
        on
            case when moves.is_gained then moves.as_of_date else moves.previous_on end = there.as_of_date
            and moves.lead_id = there.lead_id
            and there.precedence <= moves.turned_precedence
    left join met_gates as elsewhere
        on
            case when moves.is_gained then moves.previous_on else moves.as_of_date end = elsewhere.as_of_date
            and moves.lead_id = elsewhere.lead_id
            and there.rule_id = elsewhere.rule_id
    where elsewhere.lead_id is null
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
