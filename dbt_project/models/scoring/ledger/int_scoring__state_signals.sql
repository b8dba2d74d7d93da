-- The facts that need rules listen to, as each state before the day-end has them.
with

states as (
    select states.*, pairs.previous_on
    from {{ ref('int_scoring__states') }} as states
    inner join {{ ref('int_scoring__day_end_pairs') }} as pairs on states.as_of_date = pairs.as_of_date
    where states.state <> 'day_end'
),

signals as (
    select signals.*, definitions.signal_kind
    from {{ ref('int_tagging__lead_signals') }} as signals
    inner join {{ ref('int_tagging__signal_definitions') }} as definitions on signals.signal_key = definitions.signal_key
),

statements as (
    select states.as_of_date, states.state, states.lead_id, signals.signal_key, signals.occurred_on
    from states
    inner join signals on states.attributes_on = signals.as_of_date and states.lead_id = signals.lead_id
    where signals.signal_kind in ({{ stated_signal_kinds() }})
),

answers as (
    select states.as_of_date, states.state, states.lead_id, signals.signal_key, signals.occurred_on
    from states
    inner join signals on states.answers_on = signals.as_of_date and states.lead_id = signals.lead_id
    where signals.signal_kind in ({{ answer_signal_kinds() }})
),

-- Until late data is let in, what the day-end before knew: as it read it then, or anew where keys or rules changed.
events_of_the_day_end_before as (
    select states.as_of_date, states.state, states.lead_id, signals.signal_key, signals.occurred_on
    from states
    inner join signals on states.previous_on = signals.as_of_date and states.lead_id = signals.lead_id
    where
        signals.signal_kind not in ({{ stated_signal_kinds() }}, {{ answer_signal_kinds() }})
        and states.known_on = states.previous_on
        and not states.reads_facts_anew
),

events_read_today as (
    select states.as_of_date, states.state, states.lead_id, signals.signal_key, signals.occurred_on
    from states
    inner join signals on states.as_of_date = signals.as_of_date and states.lead_id = signals.lead_id
    where
        signals.signal_kind not in ({{ stated_signal_kinds() }}, {{ answer_signal_kinds() }})
        and signals.occurred_on <= states.occurred_until_on
        and signals.known_on <= states.known_on
        and (states.known_on = states.as_of_date or states.reads_facts_anew)
)

select * from statements
union all
select * from answers
union all
select * from events_of_the_day_end_before
union all
select * from events_read_today
