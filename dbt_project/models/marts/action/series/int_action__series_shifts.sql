{{ config(schema='action') }}
{%- set text = dbt.type_string() -%}
-- The detector over all series. A day is judged once it is settled: `settle_days` after it, and when as much of what is
-- known of such days as `settle_pct` says had arrived by then. What the first load brought says nothing about that.
with

facts as (
    select
        facts.*,
        greatest({{ days_between('date_day', 'known_on') }}, 0) as lag_days,
        known_on = min(known_on) over (partition by as_of_date, metric) as is_of_first_load
    from {{ ref('int_action__series_facts') }} as facts
),

policies as (
    select day_ends.as_of_date, policies.*
    from {{ ref('rul_anomaly__series') }} as policies
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on {{ active_on('policies', 'day_ends.as_of_date') }} and day_ends.is_in_series
),

arrivals as (
    select
        facts.as_of_date,
        policies.rule_key,
        policies.settle_pct,
        facts.lag_days,
        sum(facts.things) as things
    from facts
    inner join policies
        on
            facts.as_of_date = policies.as_of_date
            and facts.metric = policies.metric
            and facts.date_day > {{ add_days('facts.as_of_date', '-policies.settle_days - policies.spread_days') }}
    where not facts.is_of_first_load
    group by facts.as_of_date, policies.rule_key, policies.settle_pct, facts.lag_days
),

arrived as (
    select
        arrivals.*,
        sum(things) over (
            partition by as_of_date, rule_key order by lag_days rows between unbounded preceding and current row
        ) as things_so_far,
        sum(things) over (partition by as_of_date, rule_key) as all_things
    from arrivals
),

lags as (
    select as_of_date, rule_key, min(lag_days) as lag_days
    from arrived
    where 100 * things_so_far >= settle_pct * all_things
    group by as_of_date, rule_key
),

judged as (
    select
        policies.*,
        {{ add_days('policies.as_of_date', '-policies.settle_days - coalesce(lags.lag_days, 0)') }} as judged_until
    from policies
    left join lags on policies.as_of_date = lags.as_of_date and policies.rule_key = lags.rule_key
),

days_of_all_series as (
    select
        facts.as_of_date,
        judged.rule_key,
        facts.metric,
        case when judged.series_level in ('first', 'both') then facts.part_1 else 'all' end as part_1,
        case when judged.series_level in ('second', 'both') then facts.part_2 else 'all' end as part_2,
        facts.date_day,
        sum(facts.amount) as amount,
        sum(facts.weight) as weight,
        max(judged.window_days) as window_days,
        max(judged.min_volume) as min_volume
    from facts
    inner join judged
        on facts.as_of_date = judged.as_of_date and facts.metric = judged.metric and facts.date_day <= judged.judged_until
    group by 1, 2, 3, 4, 5, 6
),

-- A series whose largest day is so small that no window of such days would be judged needs no detector.
large_series as (
    select as_of_date, rule_key, part_1, part_2
    from days_of_all_series
    group by as_of_date, rule_key, part_1, part_2, window_days, min_volume
    having max(case when metric = 'volume' then amount else weight end) * window_days >= min_volume
),

days_of_series as (
    select days.*
    from days_of_all_series as days
    inner join large_series as large
        on
            days.as_of_date = large.as_of_date
            and days.rule_key = large.rule_key
            and days.part_1 = large.part_1
            and days.part_2 = large.part_2
),

-- On a day without a lead there is no row, and the volume is 0.
first_days as (
    select as_of_date, rule_key, metric, part_1, part_2, min(date_day) as first_day
    from days_of_series
    where metric = 'volume'
    group by as_of_date, rule_key, metric, part_1, part_2
),

empty_days as (
    select
        first_days.as_of_date, first_days.rule_key, first_days.metric, first_days.part_1, first_days.part_2,
        {{ each_day('first_days.first_day', 'judged.judged_until') }} as date_day
    from first_days
    inner join judged on first_days.as_of_date = judged.as_of_date and first_days.rule_key = judged.rule_key
),

whole_days as (
    select as_of_date, rule_key, metric, part_1, part_2, date_day, sum(amount) as amount, max(weight) as weight
    from (
        select as_of_date, rule_key, metric, part_1, part_2, date_day, amount, weight from days_of_series
        union all
        select as_of_date, rule_key, metric, part_1, part_2, date_day, 0, 1 from empty_days
    ) as counted
    group by as_of_date, rule_key, metric, part_1, part_2, date_day
),

series as ( -- noqa: ST03
    select
        days.as_of_date, days.rule_key, days.metric, days.part_1, days.part_2, days.date_day,
        cast(days.amount as bigint) as amount, cast(days.weight as bigint) as weight,
        judged.noise, judged.season_days, judged.baseline_seasons, judged.spread_days, judged.spread_lag_days,
        judged.window_days, judged.max_day_pct,
        judged.min_volume, judged.enter_milli, judged.leave_milli, judged.stay_days, judged.min_change_pct
    from whole_days as days
    inner join judged on days.as_of_date = judged.as_of_date and days.rule_key = judged.rule_key
),

days_off as ( -- noqa: ST03
    {{ days_off() }}
),

shifts as (
    {{ series_shifts('series', ['as_of_date', 'rule_key', 'metric', 'part_1', 'part_2'], 'days_off') }}
),

last_days as (
    select *, max(date_day) over (partition by as_of_date, rule_key, part_1, part_2) as last_day
    from shifts
)

select
    shifts.as_of_date,
    shifts.metric,
    shifts.part_1,
    shifts.part_2,
    shifts.rule_key,
    judged.series_level,
    judged.severity,
    judged.notify_role,
    judged.window_days,
    judged.spread_days,
    shifts.date_day,
    shifts.window_after,
    shifts.direction,
    shifts.baseline_micro,
    shifts.excess_micro,
    shifts.spread_micro,
    shifts.score_milli,
    shifts.volume,
    shifts.off_since_on,
    shifts.date_day = shifts.last_day
    and {{ days_between('shifts.date_day', 'judged.judged_until') }} <= judged.max_silent_days as is_last
from last_days as shifts
inner join judged on shifts.as_of_date = judged.as_of_date and shifts.rule_key = judged.rule_key
where shifts.is_off
