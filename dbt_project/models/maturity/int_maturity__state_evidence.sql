{{ config(materialized='view') }}

-- What can move a lead, in one shape: evidence of the four dimensions and of the stages, and own activity, with the day on
-- which it began to count (R21). A level listens to both kinds of evidence, a stage to its own.
select
    evidence.as_of_date, evidence.lead_id, 'level' as state_kind, cast(null as {{ dbt.type_string() }}) as state,
    evidence.valid_from as began_on, evidence.occurred_on, evidence.rule_key, evidence.points as strength
from {{ ref('int_maturity__evidence') }} as evidence
inner join {{ ref('rul_maturity__evidence') }} as rules on evidence.rule_key = rules.rule_key and rules.signal_kind <> 'stage'

union all

select as_of_date, lead_id, 'level', null, valid_from, occurred_on, rule_key, strength
from {{ ref('int_maturity__stage_evidence') }}

union all

select as_of_date, lead_id, 'decision_stage', decision_stage, valid_from, occurred_on, rule_key, strength
from {{ ref('int_maturity__stage_evidence') }}

union all

select as_of_date, lead_id, 'conversion_stage', null, greatest(occurred_on, known_on), occurred_on, rule_key, depth
from {{ ref('int_scoring__engagement_days') }}
where state = 'day_end' and is_activity = 1
