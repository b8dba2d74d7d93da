{# Which days of which series lie off their usual level, in closed form: the detector of DESIGN 5 Anomaly.

   series: a relation with one row per series and day: the columns in `keys`, date_day, amount, weight (amount / weight is
   what is watched; 1 for a plain count), and of the policy: noise (count, share or amount), season_days, baseline_seasons,
   spread_days, spread_lag_days, window_days, max_day_pct, min_volume, enter_milli, leave_milli, stay_days, min_change_pct.
   days_off: a relation with date_day. They are not judged and are nobody's baseline.

   What is usual on a day is the median of the same day of the last seasons. What the last `window_days` days have too much
   or too little, per unit of weight, is the excess; one day alone is no shift, so beyond `max_day_pct` of what is usual it
   counts only as far as the day before went. What excesses usually are is their median size over `spread_days` days that
   end `spread_lag_days` before, so that the first days of a shift do not hide the rest of it. The score is the excess in
   spreads: 1.4826 times the median size, the standard deviation of normal noise, and never less than what chance makes of
   such numbers, or of one thing. A series is off its level from the day on which the score reaches `enter` and the change
   `min_change_pct`, until the day that completes `stay_days` days in a row with a score below `leave`. A count that is
   usually 0 has no level to be off.

   Returns one row per series, day and direction (1 up, -1 down): keys, date_day, day_no, window_after
   (the day before those judged together), direction, baseline_micro (millionths of a unit), excess_micro, spread_micro, score_milli, volume, is_off, off_since_on (first day of the stretch
   that is off, empty when it is not). #}
{% macro series_shifts(series, keys, days_off) %}
{% set key_list = keys | join(', ') %}
{% set by_series = 'partition by ' ~ key_list %}
    with

    judged as (
        select
            s.*,
            {{ div_round('1000000 * s.amount', 's.weight') }} as micro,
            row_number() over (partition by {% for key in keys %}s.{{ key }}, {% endfor %}1 order by s.date_day) as day_no,
            case when s.season_days = 7 then {{ iso_weekday('s.date_day') }} else 0 end as phase
        from {{ series }} as s
        left join {{ days_off }} as days_off on s.date_day = days_off.date_day
        where days_off.date_day is null and s.weight > 0
    ),

    numbered as (
        select
            judged.*,
            row_number() over ({{ by_series }}, phase order by day_no) as season_no
        from judged
    ),

    usual_levels as (
        select
            {% for key in keys %}today.{{ key }}, {% endfor %}today.day_no,
            {{ median_of('earlier.micro') }} as baseline_micro
        from numbered as today
        inner join numbered as earlier
            on
                {% for key in keys %}today.{{ key }} = earlier.{{ key }} and {% endfor %}
                today.phase = earlier.phase
                and earlier.season_no >= today.season_no - today.baseline_seasons
                and earlier.season_no < today.season_no
        where today.season_no > today.baseline_seasons
        group by {% for key in keys %}today.{{ key }}, {% endfor %}today.day_no
    ),

    days as (
        select
            numbered.*,
            usual.baseline_micro * numbered.weight as usual_amount,
            1000000 * numbered.amount - usual.baseline_micro * numbered.weight as excess,
            {{ div_round('usual.baseline_micro * numbered.weight * numbered.max_day_pct', 100) }} as most
        from numbered
        inner join usual_levels as usual
            on {% for key in keys %}numbered.{{ key }} = usual.{{ key }} and {% endfor %}numbered.day_no = usual.day_no
    ),

    days_with_limits as (
        select
            days.*,
            greatest(most, coalesce(lag(excess) over ({{ by_series }} order by day_no), 0)) as most_above,
            greatest(most, coalesce(-lag(excess) over ({{ by_series }} order by day_no), 0)) as most_below
        from days
    ),

    running as (
        select
            days_with_limits.*,
            sum(case when most is null then excess else least(greatest(excess, -most_below), most_above) end) over so_far as excess_sum,
            sum(usual_amount) over so_far as usual_sum,
            sum(amount) over so_far as amount_sum,
            sum(weight) over so_far as weight_sum
        from days_with_limits
        window so_far as ({{ by_series }} order by day_no rows between unbounded preceding and current row)
    ),

    sums as (
        select
            {% for key in keys %}today.{{ key }}, {% endfor %}today.date_day, today.day_no, earlier.date_day as window_after, today.noise, today.spread_days, today.spread_lag_days,
            today.min_volume,
            today.enter_milli, today.leave_milli, today.stay_days, today.min_change_pct,
            cast(today.excess_sum - earlier.excess_sum as bigint) as excess_sum,
            cast(today.usual_sum - earlier.usual_sum as bigint) as usual_sum,
            cast(today.amount_sum - earlier.amount_sum as bigint) as amount_sum,
            cast(today.weight_sum - earlier.weight_sum as bigint) as weight_sum
        from running as today
        inner join running as earlier
            on
                {% for key in keys %}today.{{ key }} = earlier.{{ key }} and {% endfor %}
                earlier.day_no = today.day_no - today.window_days
    ),

    excesses as (
        select
            sums.*,
            {{ div_round('excess_sum', 'weight_sum') }} as excess_micro,
            {{ div_round('usual_sum', 'weight_sum') }} as baseline_micro,
            greatest({{ div_round('usual_sum', 'weight_sum') }}, {{ div_round('1000000', 'weight_sum') }}) as least_level,
            case when noise = 'count' then greatest(amount_sum, {{ div_round('usual_sum', 1000000) }}) else weight_sum end as volume
        from sums
    ),

    {# What never changes enough is never off: its spreads, the dear part, are not asked for. #}
    candidates as (
        select distinct {{ key_list }}
        from excesses
        where volume >= min_volume and 100 * abs(excess_micro) >= min_change_pct * baseline_micro
    ),

    candidate_days as (
        select excesses.*
        from excesses
        inner join candidates
            on {% for key in keys %}excesses.{{ key }} = candidates.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    ),

    spreads as (
        select
            {% for key in keys %}today.{{ key }}, {% endfor %}today.day_no,
            {{ div_round(median_of('abs(earlier.excess_micro)') ~ ' * 14826', 10000) }} as spread_micro
        from candidate_days as today
        inner join candidate_days as earlier
            on
                {% for key in keys %}today.{{ key }} = earlier.{{ key }} and {% endfor %}
                earlier.day_no >= today.day_no - today.spread_lag_days - today.spread_days
                and earlier.day_no < today.day_no - today.spread_lag_days
        group by {% for key in keys %}today.{{ key }}, {% endfor %}today.day_no, today.spread_days
        having 2 * count(*) >= today.spread_days
    ),

    scores as (
        select
            excesses.*,
            greatest(
                spreads.spread_micro,
                case excesses.noise
                    when 'count' then {{ whole_root('1000000 * least_level / excesses.weight_sum') }}
                    when 'share' then {{ whole_root('least_level * (1000000 - least_level) / excesses.weight_sum') }}
                    else 1
                end,
                1
            ) as spread_micro
        from excesses
        inner join spreads
            on {% for key in keys %}excesses.{{ key }} = spreads.{{ key }} and {% endfor %}excesses.day_no = spreads.day_no
    ),

    directions as (
        select 1 as direction
        union all
        select -1 as direction
    ),

    judgements as (
        select
            scores.*,
            directions.direction,
            {{ div_round('1000 * scores.excess_micro', 'scores.spread_micro') }} as score_milli
        from scores
        cross join directions
    ),

    marked as (
        select
            judgements.*,
            direction * score_milli >= enter_milli
            and 100 * direction * excess_micro >= min_change_pct * baseline_micro
            and volume >= min_volume
            and (noise <> 'count' or baseline_micro > 0) as enters,
            day_no - coalesce(max(case when direction * score_milli >= leave_milli then day_no end) over so_far, 0) as calm_days
        from judgements
        window so_far as (
            {{ by_series }}, direction order by day_no rows between unbounded preceding and current row
        )
    ),

    held as (
        select
            marked.*,
            coalesce(
                max(case when enters then day_no end) over so_far
                > coalesce(max(case when calm_days = stay_days then day_no end) over so_far, 0),
                false
            ) as is_off
        from marked
        window so_far as (
            {{ by_series }}, direction order by day_no rows between unbounded preceding and current row
        )
    ),

    starts as (
        select
            held.*,
            case
                when is_off and not coalesce(lag(is_off) over ({{ by_series }}, direction order by day_no), false) then date_day
            end as starts_on
        from held
    )

    select
        {{ key_list }}, date_day, day_no, window_after, direction, baseline_micro, excess_micro, spread_micro, score_milli, volume, is_off,
        case
            when is_off then max(starts_on) over (
                {{ by_series }}, direction order by day_no rows between unbounded preceding and current row
            )
        end as off_since_on
    from starts
{% endmacro %}
