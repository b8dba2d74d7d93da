{{ config(materialized='kept_days') }}
{% set causes = ledger_causes() %}
-- Why a score moved since the day-end before: each cause is the difference between two states that are computed in full,
-- one input let in after the other, so that before + causes = after (DESIGN 5, Scoring).
with

totals as (
    select as_of_date, state, lead_id, cast(sum(weighted_milli) as bigint) as score_milli
    from {{ ref('int_scoring__dimension_scores') }}
    group by as_of_date, state, lead_id
),

pairs as (
    select * from {{ ref('int_scoring__day_end_pairs') }}
),

day_end_scores as (
    select as_of_date, lead_id, score_milli from totals
    where state = 'day_end'
),

compared as (
    select pairs.as_of_date, pairs.previous_on, later.lead_id, later.score_milli as after_milli, earlier.score_milli as before_milli
    from pairs
    inner join day_end_scores as later on pairs.as_of_date = later.as_of_date
    left join day_end_scores as earlier
        on pairs.previous_on = earlier.as_of_date and later.lead_id = earlier.lead_id
),

-- A lead that another one absorbed, or whose records are all gone, ends at 0.
ended as (
    select pairs.as_of_date, earlier.lead_id, earlier.score_milli as before_milli
    from pairs
    inner join day_end_scores as earlier on pairs.previous_on = earlier.as_of_date
    left join day_end_scores as later
        on pairs.as_of_date = later.as_of_date and earlier.lead_id = later.lead_id
    where later.lead_id is null
),

state_totals as (
    select
        as_of_date,
        lead_id,
        {% for cause in causes %}
        max(case when state = '{{ cause }}' then score_milli end) as {{ cause }}_total{{ ',' if not loop.last }}
        {% endfor %}
    from totals
    where state <> 'day_end'
    group by as_of_date, lead_id
),

-- A state that was left out could not differ from the one before it.
walked as (
    select
        compared.as_of_date,
        compared.lead_id,
        compared.before_milli,
        compared.after_milli,
        states.lead_id is not null as has_states,
        {% for cause in causes %}
        coalesce(
            {%- for reached in causes[:loop.index] | reverse %}states.{{ reached }}_total, {% endfor -%}
            compared.before_milli
        ) as {{ cause }}_total{{ ',' if not loop.last }}
        {% endfor %}
    from compared
    left join state_totals as states
        on compared.as_of_date = states.as_of_date and compared.lead_id = states.lead_id
),

differences as (
    select
        walked.*,
        {% for cause in causes %}
        {{ cause }}_total - {{ 'before_milli' if loop.first else loop.previtem ~ '_total' }} as {{ cause }}_difference,
        {% endfor %}
        after_milli - {{ causes | last }}_total as behaviour_difference
    from walked
)

select
    as_of_date,
    lead_id,
    before_milli,
    after_milli,
    case when before_milli is null then after_milli else 0 end as new_milli,
    {% for cause in causes + ['behaviour'] %}
    {% if cause == 'decay' -%}
    -- Nothing but time passed for a lead without states of its own.
    case when before_milli is null then 0 when has_states then decay_difference else after_milli - before_milli end as decay_milli,
    {%- else -%}
    case when before_milli is not null and has_states then {{ cause }}_difference else 0 end as {{ cause }}_milli,
    {%- endif %}
    {% endfor %}
    false as has_ended
from differences

union all

select
    as_of_date,
    lead_id,
    before_milli,
    cast(0 as bigint) as after_milli,
    0 as new_milli,
    {% for cause in causes + ['behaviour'] %}
    {{ '-before_milli' if cause == 'identity' else 0 }} as {{ cause }}_milli,
    {% endfor %}
    true as has_ended
from ended
