-- Evidence for a decision stage and the days on which it holds: from the later of occurred and known until its window ends.
with

rules as (
    select
        rules.*,
        {{ signal_key('signal_kind', 'signal', 'qualifier', 'measure_min') }} as signal_key
    from {{ ref('rul_maturity__stage_evidence') }} as rules
),

evidence as (
    select
        signals.as_of_date,
        signals.lead_id,
        rules.decision_stage,
        rules.rule_key,
        rules.strength,
        rules.is_hard_evidence,
        signals.occurred_on,
        greatest(signals.occurred_on, signals.known_on) as valid_from,
        {{ add_days('signals.occurred_on', 'rules.window_days') }} as valid_to
    from {{ ref('int_tagging__lead_signals') }} as signals
    inner join rules
        on signals.signal_key = rules.signal_key and {{ active_on('rules', 'signals.as_of_date') }}
    where signals.occurred_on is not null
)

select distinct *
from evidence
where valid_from < valid_to
