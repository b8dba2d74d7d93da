-- Strength of each decision stage over time: rules that hold on the same day add up, each counts once.
with

evidence as (
    select * from {{ ref('int_maturity__stage_evidence') }}
),

spans as (
    {{ spans_of('evidence') }}
),

stages as (
    select * from {{ ref('rul_maturity__stages') }}
),

rule_strengths as (
    select
        spans.as_of_date, spans.lead_id, spans.span_from, spans.span_to,
        evidence.decision_stage, evidence.rule_key,
        max(evidence.strength) as strength, max(evidence.is_hard_evidence) as is_hard_evidence
    from spans
    inner join evidence
        on
            spans.as_of_date = evidence.as_of_date
            and spans.lead_id = evidence.lead_id
            and evidence.valid_from <= spans.span_from
            and spans.span_from < evidence.valid_to
    where spans.span_to is not null
    group by 1, 2, 3, 4, 5, 6
),

strengths as (
    select
        as_of_date, lead_id, span_from, decision_stage,
        sum(strength) as strength, max(is_hard_evidence) as has_hard_evidence
    from rule_strengths
    group by as_of_date, lead_id, span_from, decision_stage
),

stages_of_leads as (
    select distinct evidence.as_of_date, evidence.lead_id, evidence.decision_stage
    from evidence
)

select
    spans.as_of_date,
    spans.lead_id,
    stages.decision_stage,
    stages.stage_order,
    spans.span_from,
    spans.span_to,
    cast(coalesce(strengths.strength, 0) as bigint) as strength,
    coalesce(strengths.strength, 0) >= stages.enter_strength
    and (stages.needs_hard_evidence = 0 or coalesce(strengths.has_hard_evidence, 0) = 1) as is_entered,
    coalesce(strengths.strength, 0) < stages.leave_strength as is_below_leave,
    stages.min_stay_days as stay_days
from spans
inner join stages_of_leads
    on spans.as_of_date = stages_of_leads.as_of_date and spans.lead_id = stages_of_leads.lead_id
inner join stages
    on
        stages_of_leads.decision_stage = stages.decision_stage
        and {{ active_on('stages', 'spans.as_of_date') }}
left join strengths
    on
        spans.as_of_date = strengths.as_of_date
        and spans.lead_id = strengths.lead_id
        and spans.span_from = strengths.span_from
        and stages.decision_stage = strengths.decision_stage
where spans.span_to is not null
