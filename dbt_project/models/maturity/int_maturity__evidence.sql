-- Evidence for the four maturity dimensions and the days on which it holds. Evidence doesn't fade, it expires (R19).
with

rules as (
    select
        rules.*,
        {{ signal_key('signal_kind', 'signal', 'qualifier', 'measure_min') }} as signal_key
    from {{ ref('rul_maturity__evidence') }} as rules
),

first_known as (
    select as_of_date, lead_id, first_known_on from {{ ref('int_cleansing__leads') }}
),

facts as (
    select
        signals.as_of_date,
        signals.lead_id,
        signals.signal_key,
        coalesce(signals.occurred_on, first_known.first_known_on) as occurred_on,
        greatest(
            coalesce(signals.occurred_on, first_known.first_known_on),
            coalesce(signals.known_on, first_known.first_known_on)
        ) as valid_from,
        signals.source_key
    from {{ ref('int_tagging__lead_signals') }} as signals
    inner join first_known
        on signals.as_of_date = first_known.as_of_date and signals.lead_id = first_known.lead_id
),

dated_evidence as (
    select
        facts.as_of_date, facts.lead_id, rules.maturity_dimension, rules.rule_key, rules.points, rules.cap_points,
        rules.is_buying_evidence, facts.occurred_on, facts.valid_from,
        coalesce({{ add_days('facts.occurred_on', 'rules.valid_days') }}, cast('9999-12-31' as date)) as valid_to,
        facts.source_key
    from facts
    inner join rules
        on facts.signal_key = rules.signal_key and {{ active_on('rules', 'facts.as_of_date') }}
),

stage_evidence as (
    select
        path.as_of_date, path.lead_id, rules.maturity_dimension, rules.rule_key, rules.points, rules.cap_points,
        rules.is_buying_evidence, path.entered_on as occurred_on, path.entered_on as valid_from, path.left_on as valid_to,
        path.decision_stage as source_key
    from {{ ref('int_maturity__stage_path') }} as path
    inner join rules
        on
            rules.signal_kind = 'stage'
            and path.decision_stage = rules.signal
            and {{ active_on('rules', 'path.as_of_date') }}
),

-- A requirement speaks for or against a match from the day it was stated, as the catalogue answers it at the day-end.
requirement_evidence as (
    select
        matches.as_of_date, matches.lead_id, rules.maturity_dimension, rules.rule_key, rules.points, rules.cap_points,
        rules.is_buying_evidence, statements.occurred_on, statements.valid_from,
        least(
            coalesce({{ add_days('statements.occurred_on', 'rules.valid_days') }}, statements.valid_to), statements.valid_to
        ) as valid_to,
        matches.requirement as source_key
    from {{ ref('int_maturity__requirement_matches') }} as matches
    inner join {{ ref('int_tagging__requirement_statements') }} as statements
        on
            matches.as_of_date = statements.as_of_date
            and matches.lead_id = statements.lead_id
            and matches.requirement = statements.requirement
            and statements.strength <> 'not_needed'
    inner join rules
        on
            rules.signal_kind = 'requirement'
            and matches.requirement_match = rules.signal
            and coalesce(rules.qualifier, matches.strength) = matches.strength
            and {{ active_on('rules', 'matches.as_of_date') }}
)

select * from dated_evidence
where valid_from < valid_to
union all
select * from stage_evidence
union all
select * from requirement_evidence
where valid_from < valid_to
