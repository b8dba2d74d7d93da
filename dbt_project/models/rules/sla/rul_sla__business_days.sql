{# The days that clocks may ask for. A year without a holiday row is unknown, never guessed. #}
{% set first_day = "cast('" ~ var('calendar_from', '2018-01-01') ~ "' as date)" %}
{% set last_day = "cast('" ~ var('calendar_to', '2027-12-31') ~ "' as date)" %}

with

calendars as (
    select calendar, min(holidays_of) as holidays_of
    from {{ ref('rul_sla__business_hours') }}
    group by calendar
),

days as (
    select
        calendars.calendar,
        calendars.holidays_of,
        spine.date_day,
        {{ iso_weekday('spine.date_day') }} as iso_weekday
    from {{ date_spine(first_day, last_day) }} as spine
    cross join calendars
),

{# A row counts on the day that it speaks of when it is in force on that day. #}
special_days as (
    select
        h.calendar,
        h.calendar_date,
        h.day_kind,
        h.rule_key,
        h.valid_from,
        h.label_zh,
        h.label_en
    from {{ ref('rul_sla__holidays') }} as h
    where {{ active_on('h', 'h.calendar_date') }}
),

known_years as (
    select
        calendar,
        year(calendar_date) as known_year,
        min(valid_from) as known_from
    from special_days
    group by calendar, year(calendar_date)
),

kinds as (
    select
        days.calendar,
        days.date_day,
        days.iso_weekday,
        case
            when known_years.known_year is null then 'unknown'
            when special_days.day_kind is not null then special_days.day_kind
            when days.iso_weekday in (6, 7) then 'weekend'
            else 'workday'
        end as day_kind,
        known_years.known_from,
        special_days.rule_key as holiday_rule_key,
        special_days.label_zh as holiday_zh,
        special_days.label_en as holiday_en
    from days
    left join known_years
        on days.holidays_of = known_years.calendar and year(days.date_day) = known_years.known_year
    left join special_days
        on days.holidays_of = special_days.calendar and days.date_day = special_days.calendar_date
),

hours as (
    select
        h.calendar,
        h.iso_weekday,
        h.status,
        h.valid_from,
        h.valid_to,
        {{ seconds_of_clock('h.opens') }} as opens_second,
        {{ seconds_of_clock('h.closes') }} as closes_second,
        {{ seconds_of_clock('h.break_from') }} as break_from_second,
        {{ seconds_of_clock('h.break_to') }} as break_to_second
    from {{ ref('rul_sla__business_hours') }} as h
),

opened as (
    select
        kinds.*,
        hours.opens_second,
        hours.closes_second,
        hours.break_from_second,
        hours.break_to_second,
        case
            when kinds.day_kind = 'unknown' then null
            else coalesce(
                hours.closes_second - hours.opens_second
                - coalesce(hours.break_to_second - hours.break_from_second, 0),
                0
            )
        end as business_seconds
    from kinds
    left join hours
        on
            kinds.calendar = hours.calendar
            and hours.iso_weekday = case kinds.day_kind
                when 'make_up' then 'make_up'
                when 'workday' then cast(kinds.iso_weekday as {{ dbt.type_string() }})
                when 'weekend' then cast(kinds.iso_weekday as {{ dbt.type_string() }})
            end
            and {{ active_on('hours', 'kinds.date_day') }}
)

select
    calendar,
    date_day,
    iso_weekday,
    day_kind,
    known_from,
    holiday_rule_key,
    holiday_zh,
    holiday_en,
    opens_second,
    closes_second,
    break_from_second,
    break_to_second,
    business_seconds,
    case
        when day_kind != 'unknown' then
            cast(
                sum(coalesce(business_seconds, 0)) over (
                    partition by calendar order by date_day rows between unbounded preceding and current row
                ) - business_seconds as bigint
            )
    end as cumulative_business_seconds
from opened
