{{ config(schema='action') }}
{%- set keys = ['as_of_date', 'metric', 'part_1', 'part_2', 'direction'] -%}
-- Of the series that are off those that are told, with the days to compare: the days judged together against those before the
-- shift. A series whose wider series was off when it went off itself is not told again.
with

shifts as (
    select * from {{ ref('int_action__series_shifts') }}
),

days_off as (
    {{ days_off() }}
),

told as (
    select
        shifts.as_of_date, shifts.metric, shifts.part_1, shifts.part_2, shifts.direction, shifts.rule_key, shifts.severity,
        shifts.notify_role, shifts.window_days, shifts.spread_days, shifts.off_since_on, shifts.date_day, shifts.window_after,
        shifts.baseline_micro, shifts.excess_micro, shifts.score_milli,
        {{ add_days('shifts.window_after', 1) }} as window_from,
        {{ add_days('first_days.window_after', '1 - shifts.spread_days') }} as before_from,
        first_days.window_after as before_to
    from shifts
    inner join shifts as first_days
        on
            {% for key in keys %}
            shifts.{{ key }} = first_days.{{ key }} and
            {% endfor %}
            shifts.off_since_on = first_days.date_day
    where
        shifts.is_last
        and not exists (
            select 1 from shifts as wider
            where
                wider.as_of_date = shifts.as_of_date
                and wider.metric = shifts.metric
                and wider.direction = shifts.direction
                and wider.date_day = shifts.off_since_on
                and wider.part_1 in ('all', shifts.part_1)
                and wider.part_2 in ('all', shifts.part_2)
                and wider.series_level <> shifts.series_level
        )
),

days_off_before as (
    select
        {% for key in keys %}
        told.{{ key }},
        {% endfor %}
        count(*) as days_off
    from told
    inner join days_off on days_off.date_day >= told.before_from and days_off.date_day <= told.before_to
    group by 1, 2, 3, 4, 5
)

select told.*, told.spread_days - coalesce(days_off_before.days_off, 0) as before_days
from told
left join days_off_before using ({{ keys | join(', ') }})
