{{ config(
    materialized='incremental',
    full_refresh=false,
    incremental_strategy='append',
    pre_hook=['{{ forget_day_ends() }}', '{{ forget_what_is_told_otherwise() }}'],
    on_schema_change='append_new_columns',
) }}
-- Who moved between levels, stages and statuses, when and why (R21, R57). A day-end is compared with the day before it, the
-- first one of a build with what the record says so far; a lead that was not there books its whole path. A day-end that no
-- build computes anew stays as published.
with

days as (
    {{ compared_day_ends() }}
),

leads as (
    select as_of_date, lead_id from {{ ref('int_cleansing__leads') }}
),

statuses as (
    select * from {{ ref('int_maturity__lead_lifecycle') }}
),

paths as (
    {{ lead_state_paths() }}
),

states as (
    select as_of_date, lead_id, state_kind, state, state_order, rule_key, entered_on from paths
    where entered_on <= as_of_date and as_of_date < left_on
),

before as (
    select
        days.as_of_date, states.lead_id, states.state_kind, states.state, states.state_order, states.rule_key,
        case when states.state_kind <> 'lifecycle_status' then states.entered_on end as since_on,
        cast(null as date) as booked_on
    from days
    inner join states on days.previous_on = states.as_of_date
    union all
    {{ recorded_states(this, 'days', 'states') }}
),

-- Everybody has a level: who has none was not there.
known_leads as (
    select days.*, before.lead_id, leads.lead_id is null as has_ended
    from days
    inner join before on days.as_of_date = before.as_of_date and before.state_kind = 'level'
    left join leads on before.as_of_date = leads.as_of_date and before.lead_id = leads.lead_id
),

steps as (
    select
        known_leads.*, kinds.state_kind, false as is_entry,
        before.state as from_state, before.state_order as from_order, before.rule_key as from_rule_key, before.since_on as from_since_on,
        later.state as to_state, later.state_order as to_order, later.rule_key as to_rule_key,
        -- What moved on days that were not computed moved when the path says; what was rewritten is booked today.
        case when later.entered_on > before.booked_on then later.entered_on else known_leads.as_of_date end as transition_on
    from known_leads
    cross join (select distinct state_kind from paths) as kinds
    left join before
        on
            known_leads.as_of_date = before.as_of_date
            and known_leads.lead_id = before.lead_id
            and kinds.state_kind = before.state_kind
    left join states as later
        on
            known_leads.as_of_date = later.as_of_date
            and known_leads.lead_id = later.lead_id
            and kinds.state_kind = later.state_kind
    where before.state is distinct from later.state
    union all
    select
        days.*, paths.lead_id, false as has_ended, paths.state_kind, true as is_entry,
        lag(paths.state) over path, lag(paths.state_order) over path, lag(paths.rule_key) over path, lag(paths.entered_on) over path,
        paths.state, paths.state_order, paths.rule_key, paths.entered_on
    from days
    inner join paths on days.as_of_date = paths.as_of_date
    left join known_leads on paths.as_of_date = known_leads.as_of_date and paths.lead_id = known_leads.lead_id
    where known_leads.lead_id is null
    window path as (partition by paths.as_of_date, paths.lead_id, paths.state_kind order by paths.entered_on)
),

directed as (
    select steps.*, coalesce(to_order, 0) > coalesce(from_order, 0) as is_up from steps
),

-- What began to speak for (or, on the way down, against) the state on the day of the transition; the newest and strongest of it.
evidence as (
    select
        steps.as_of_date, steps.lead_id, steps.state_kind, steps.transition_on, evidence.occurred_on, evidence.rule_key,
        row_number() over (
            partition by steps.as_of_date, steps.lead_id, steps.state_kind, steps.transition_on
            order by evidence.occurred_on desc, abs(evidence.strength) desc, evidence.rule_key asc
        ) as evidence_rank
    from directed as steps
    inner join {{ ref('int_maturity__state_evidence') }} as evidence
        on
            steps.as_of_date = evidence.as_of_date
            and steps.lead_id = evidence.lead_id
            and steps.state_kind = evidence.state_kind
            and steps.transition_on = evidence.began_on
            and coalesce(evidence.state = steps.to_state, true)
            and steps.is_up = (evidence.strength >= 0)
            -- Nothing lifts a lead to the lowest level.
            and (steps.state_kind <> 'level' or steps.to_order > 1 or not steps.is_up)
),

inputs as (
    select
        as_of_date, lead_id,
        max(case when input in ('records', 'keys') then 1 else 0 end) as has_other_owners,
        max(case when input = 'records' then 1 else 0 end) as has_moved_records,
        max(case when input in ('attributes', 'tags', 'segment', 'company') then 1 else 0 end) as has_other_attributes
    from {{ ref('int_scoring__input_changes') }}
    group by as_of_date, lead_id
),

rule_days as (
    select distinct days.as_of_date
    from days
    inner join {{ ref('rul_all_rules') }} as versions
        on
            versions.layer in ('tagging', 'scoring', 'maturity')
            and (
                (versions.valid_from > days.previous_on and versions.valid_from <= days.as_of_date)
                or (versions.valid_to > days.previous_on and versions.valid_to <= days.as_of_date)
            )
)

select
    steps.as_of_date,
    steps.lead_id,
    steps.state_kind,
    steps.transition_on,
    steps.from_state,
    steps.to_state,
    steps.from_since_on,
    case
        when steps.has_ended then 'identity'
        when steps.is_opening and (steps.state_kind = 'lifecycle_status' or not steps.is_entry) then 'opening'
        when steps.state_kind = 'lifecycle_status' and steps.is_entry then 'new'
        when steps.state_kind = 'lifecycle_status'
            then case when inputs.has_moved_records = 1 then 'identity' else coalesce(statuses.turned_by, 'rule') end
        -- Today's path tells another story of yesterday than yesterday's.
        when not (steps.is_entry or coalesce(was.state, '') = coalesce(steps.from_state, ''))
            then case
                when inputs.has_other_owners = 1 then 'identity'
                when rule_days.as_of_date is not null then 'rule'
                when inputs.has_other_attributes = 1 then 'attribute'
                else 'late_data'
            end
        when evidence.occurred_on = steps.transition_on then 'behaviour'
        when evidence.occurred_on is not null then 'late_data'
        when steps.is_entry and steps.from_state is null and steps.from_since_on is null then 'new'
        else 'expiry'
    end as cause,
    case when steps.is_up then steps.to_rule_key else steps.from_rule_key end as rule_key,
    coalesce(statuses.turned_rule_key, evidence.rule_key) as evidence_rule_key,
    coalesce(steps.to_order, 0) as to_order,
    steps.to_rule_key,
    steps.has_ended
from directed as steps
left join evidence
    on
        steps.as_of_date = evidence.as_of_date
        and steps.lead_id = evidence.lead_id
        and steps.state_kind = evidence.state_kind
        and steps.transition_on = evidence.transition_on
        and evidence.evidence_rank = 1
left join paths as was
    on
        steps.as_of_date = was.as_of_date
        and steps.lead_id = was.lead_id
        and steps.state_kind = was.state_kind
        and was.entered_on <= steps.previous_on
        and steps.previous_on < was.left_on
left join inputs on steps.as_of_date = inputs.as_of_date and steps.lead_id = inputs.lead_id
left join rule_days on steps.as_of_date = rule_days.as_of_date
left join statuses
    on
        steps.as_of_date = statuses.as_of_date
        and steps.lead_id = statuses.lead_id
        and steps.state_kind = 'lifecycle_status'
        and not steps.is_entry
