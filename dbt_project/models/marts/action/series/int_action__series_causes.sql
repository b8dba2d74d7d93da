{{ config(schema='action') }}
{%- set text = dbt.type_string() -%}
{%- set keys = ['as_of_date', 'metric', 'part_1', 'part_2', 'direction'] -%}
-- Why a series is off: its last days against those before the shift, split so that the parts add up to the change. Channels in
-- alphabetical order get what the running total moves by, so that no rounding is left over.
with

told as (
    select
        *,
        cast(case metric when 'volume' then 1000 when 'mean_score' then 1 when 'completeness' then 1 else 100000 end as bigint) as unit
    from {{ ref('int_action__told_shifts') }}
),

days_off as (
    {{ days_off() }}
),

late_sources as (
    select as_of_date, brought_by, min(last_on) as last_on
    from {{ ref('int_action__delivery_watch') }}
    where metric = 'feed_late'
    group by as_of_date, brought_by
),

late_opportunities as (
    select as_of_date, min(last_on) as last_on from late_sources
    where brought_by like '%:crm_opportunities'
    group by as_of_date
),

cells as (
    select
        {% for key in keys %}told.{{ key }}, {% endfor %}told.unit,
        facts.part_1 as cell_1,
        facts.part_2 as cell_2,
        sum(case when facts.date_day >= told.window_from then facts.amount else 0 end) as now_amount,
        sum(case when facts.date_day >= told.window_from then facts.weight else 0 end) as now_weight,
        sum(case when facts.date_day <= told.before_to then facts.amount else 0 end) as before_amount,
        sum(case when facts.date_day <= told.before_to then facts.weight else 0 end) as before_weight,
        sum(case when facts.date_day <= told.before_to and late.last_on is not null then facts.amount else 0 end) as late_before,
        sum(case when facts.date_day >= told.window_from and facts.date_day > late.last_on then facts.amount else 0 end) as late_now,
        max(
            least(
                greatest({{ days_between('greatest(late.last_on, told.window_after)', 'told.date_day') }}, 0),
                told.window_days
            )
        ) as gap_days,
        max(told.window_days) as now_days,
        max(told.before_days) as before_days
    from told
    inner join {{ ref('int_action__series_facts') }} as facts
        on
            told.as_of_date = facts.as_of_date
            and told.metric = facts.metric
            and told.part_1 in ('all', facts.part_1)
            and told.part_2 in ('all', facts.part_2)
            and facts.date_day >= told.before_from
            and facts.date_day <= told.date_day
            and (facts.date_day >= told.window_from or facts.date_day <= told.before_to)
    left join late_sources as late on facts.as_of_date = late.as_of_date and facts.brought_by = late.brought_by
    left join days_off on facts.date_day = days_off.date_day
    where days_off.date_day is null
    group by 1, 2, 3, 4, 5, 6, 7, 8
),

-- A count has days for its weight, the same ones for every channel.
weighed as (
    select
        cells.*,
        case when metric = 'volume' then now_days else greatest(sum(now_weight) over series, 1) end as now_whole,
        case when metric = 'volume' then before_days else greatest(sum(before_weight) over series, 1) end as before_whole,
        sum(now_amount) over so_far as now_so_far,
        sum(before_amount) over so_far as before_so_far,
        sum(before_amount) over series as before_sum
    from cells
    window
        series as (partition by {{ keys | join(', ') }}),
        so_far as (
            partition by {{ keys | join(', ') }} order by cell_1, cell_2 rows between unbounded preceding and current row
        )
),

changes as (
    select
        weighed.*,
        {{ div_round('unit * now_so_far', 'now_whole') }} - {{ div_round('unit * before_so_far', 'before_whole') }}
        - {{ div_round('unit * (now_so_far - now_amount)', 'now_whole') }}
        + {{ div_round('unit * (before_so_far - before_amount)', 'before_whole') }} as change_milli,
        -- What the cell would have brought at its old rate: a cell that is new, at the old rate of the whole.
        now_weight * case
            when before_weight > 0 then {{ div_round('1000000 * unit * before_amount', 'greatest(before_weight, 1)') }}
            else {{ div_round('1000000 * unit * before_sum', 'before_whole') }}
        end as at_old_rate,
        {{ div_round('unit * late_now', 'now_whole') }}
        - {{ div_round('unit * late_before * coalesce(gap_days, 0)', 'now_whole * before_whole') }} as gap_milli
    from weighed
),

by_channel as (
    select
        {{ keys | join(', ') }}, cell_1, sum(change_milli) as change_milli,
        sum(now_amount) as now_amount, sum(now_weight) as now_weight,
        sum(before_amount) as before_amount, sum(before_weight) as before_weight
    from changes
    group by {{ keys | join(', ') }}, cell_1
),

channel_items as (
    select
        {{ keys | join(', ') }},
        {{ sorted_text_list(
            "'{\"part\":\"' || cell_1 || '\",\"change_milli\":' || cast(change_milli as " ~ text ~ ")
            || ',\"now\":[' || cast(now_amount as " ~ text ~ ") || ',' || cast(now_weight as " ~ text ~ ")
            || '],\"before\":[' || cast(before_amount as " ~ text ~ ") || ',' || cast(before_weight as " ~ text ~ ") || ']}'", "','"
        ) }} as part_items
    from by_channel
    group by {{ keys | join(', ') }}
),

totals as (
    select
        {{ keys | join(', ') }},
        sum(change_milli) as change_milli,
        sum(gap_milli) as gap_milli,
        {{ div_round('sum(at_old_rate)', '1000000 * max(now_whole)') }}
        - {{ div_round('max(unit) * max(before_sum)', 'max(before_whole)') }} as mix_milli,
        {{ div_round('max(unit) * max(before_sum)', 'max(before_whole)') }} as before_milli
    from changes
    group by {{ keys | join(', ') }}
)

select
    {{ keys | join(', ') }},
    told.rule_key, told.severity, told.notify_role, told.off_since_on,
    told.date_day, told.window_from, told.before_from, told.before_to,
    told.baseline_micro, told.excess_micro, told.score_milli,
    totals.before_milli,
    totals.change_milli,
    -- A feed that is late explains at most the whole of a fall.
    case
        when told.direction = -1 and told.metric = 'volume' then greatest(least(totals.gap_milli, 0), totals.change_milli)
        when told.direction = -1 and told.metric = 'conversion' and late_opportunities.last_on is not null
            then least(totals.change_milli - totals.mix_milli, 0)
        else 0
    end as data_gap_milli,
    case when told.metric = 'volume' then 0 else totals.mix_milli end as mix_milli,
    channel_items.part_items
from told
inner join totals using ({{ keys | join(', ') }})
inner join channel_items using ({{ keys | join(', ') }})
left join late_opportunities using (as_of_date)
