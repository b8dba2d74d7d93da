-- Need points per lead: of a rule's facts the freshest counts once, aged by its half life; then the group's cap (R12, R17).
with

signals as (
    select as_of_date, 'day_end' as state, lead_id, signal_key, occurred_on
    from {{ ref('int_tagging__lead_signals') }}
    union all
    select as_of_date, state, lead_id, signal_key, occurred_on
    from {{ ref('int_scoring__state_signals') }}
),

facts as (
    select as_of_date, state, lead_id, signal_key, max(occurred_on) as occurred_on, count(*) as facts
    from signals
    group by as_of_date, state, lead_id, signal_key
),

rules as (
    select
        rules.*,
        {{ signal_key('signal_kind', 'signal', 'qualifier', 'measure_min') }} as signal_key
    from {{ ref('rul_scoring__need') }} as rules
),

segments as (
    select * from {{ ref('int_scoring__segment_dimensions') }}
    where dimension = 'need'
),

aged as (
    select
        facts.as_of_date,
        facts.state,
        facts.lead_id,
        rules.bant_group,
        rules.rule_id,
        rules.rule_key,
        rules.points,
        rules.group_cap,
        facts.occurred_on,
        facts.facts,
        facts.occurred_on is null or rules.half_life_days is null as never_ages,
        {{ segment_half_life('rules.half_life_days', 'segments.half_life_factor_pct') }} as half_life_days,
        greatest({{ days_between('facts.occurred_on', 'segments.age_on') }}, 0) as age_days
    from facts
    inner join rules on facts.signal_key = rules.signal_key
    inner join segments
        on
            facts.as_of_date = segments.as_of_date
            and facts.state = segments.state
            and facts.lead_id = segments.lead_id
            and {{ active_on('rules', 'segments.rules_on') }}
),

fact_points as (
    select
        aged.*,
        {{ div_round(
            'aged.points * 1000 * (case when aged.never_ages then 1000000 else coalesce(weights.weight_millionths, 0) end)',
            1000000
        ) }} as points_milli
    from aged
    left join {{ ref('int_scoring__decay_weights') }} as weights
        on aged.half_life_days = weights.half_life_days and aged.age_days = weights.age_days
),

group_sums as (
    select as_of_date, state, lead_id, bant_group, cast(sum(points_milli) as bigint) as points_milli, max(group_cap) * 1000 as cap_milli
    from fact_points
    group by as_of_date, state, lead_id, bant_group
)

select
    as_of_date, state, lead_id, 'points' as kind, bant_group, rule_id, rule_key, facts as touches, points_milli,
    occurred_on as last_occurred_on
from fact_points
where points_milli <> 0

union all

select
    as_of_date, state, lead_id, 'group_cap' as kind, bant_group, bant_group as rule_id,
    cast(null as {{ dbt.type_string() }}) as rule_key, 0 as touches,
    least(points_milli, cap_milli) - points_milli as points_milli, cast(null as date) as last_occurred_on
from group_sums
where points_milli > cap_milli
