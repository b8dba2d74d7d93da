{{ config(schema='action') }}
-- How deliveries arrive: how long a feed has been silent against its own usual pauses, in workdays, and how many records its
-- newest delivery holds against the ones before. A file that brought nothing new is an arrival too.
with

receipts as (
    select
        connection, source_system, feed, known_on, sum(coalesce(records, 0)) as records,
        max(case when status = 'loaded' then 1 else 0 end) as is_loaded
    from {{ ref('stg_lake__receipts') }}
    where status in ('loaded', 'repeated', 'quarantined')
    group by connection, source_system, feed, known_on
),

special_days as (
    select
        date_day,
        max(case when day_kind = 'holiday' then 1 else 0 end) as is_holiday,
        max(case when day_kind = 'make_up' then 1 else 0 end) as is_make_up
    from {{ ref('rul_sla__business_days') }}
    group by date_day
),

workdays as (
    select
        date_day,
        sum(case
            when is_holiday = 1 then 0 when is_make_up = 1 then 1 when {{ iso_weekday('date_day') }} >= 6 then 0 else 1
        end) over (order by date_day rows between unbounded preceding and current row) as workday_no
    from special_days
),

arrivals as (
    select
        day_ends.as_of_date,
        receipts.*,
        workdays.workday_no,
        workdays.workday_no - lag(workdays.workday_no) over by_feed as pause_workdays,
        {{ days_between('lag(receipts.known_on) over by_feed', 'receipts.known_on') }} as pause_days,
        row_number() over (
            partition by day_ends.as_of_date, receipts.connection, receipts.source_system, receipts.feed order by receipts.known_on desc
        ) as arrival_rank
    from receipts
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on receipts.known_on <= day_ends.as_of_date and day_ends.is_in_series
    inner join workdays on receipts.known_on = workdays.date_day
    window by_feed as (
        partition by day_ends.as_of_date, receipts.connection, receipts.source_system, receipts.feed order by receipts.known_on
    )
),

-- One outage must not excuse the next: the longest pause of all is no usual one.
pauses_by_length as (
    select
        arrivals.as_of_date, arrivals.connection, arrivals.source_system, arrivals.feed, arrivals.known_on, arrivals.workday_no,
        arrivals.arrival_rank, arrivals.pause_workdays, policies.rule_key, policies.threshold, policies.min_volume,
        row_number() over (
            partition by arrivals.as_of_date, arrivals.connection, arrivals.source_system, arrivals.feed, policies.rule_key
            order by arrivals.pause_workdays desc nulls last, arrivals.known_on asc
        ) as length_rank
    from arrivals
    inner join {{ ref('rul_anomaly__limits') }} as policies
        on
            policies.metric = 'feed_late'
            and {{ active_on('policies', 'arrivals.as_of_date') }}
            and coalesce(policies.subject, arrivals.feed) = arrivals.feed
            and arrivals.arrival_rank <= policies.baseline_deliveries
),

pauses as (
    select
        as_of_date, connection, source_system, feed, rule_key, threshold,
        max(case when arrival_rank = 1 then known_on end) as last_on,
        max(case when arrival_rank = 1 then workday_no end) as last_workday_no,
        max(case when length_rank = 2 then pause_workdays end) as usual_pause_workdays
    from pauses_by_length
    group by as_of_date, connection, source_system, feed, rule_key, threshold, min_volume
    having count(pause_workdays) >= min_volume
),

late_feeds as (
    select
        pauses.*,
        today.workday_no - pauses.last_workday_no as silent_workdays,
        (
            select min(first_late.date_day) from workdays as first_late
            where first_late.workday_no = pauses.last_workday_no + pauses.usual_pause_workdays + pauses.threshold + 1
        ) as late_since_on
    from pauses
    inner join workdays as today on pauses.as_of_date = today.date_day
    where today.workday_no - pauses.last_workday_no > pauses.usual_pause_workdays + pauses.threshold
),

-- Loads are compared twice, as they are and by the days that they cover: an export of everything does not grow with a pause, a list
-- of events does. Only what is off both ways is off. A file of a weekend is compared with nothing.
loads as (
    select
        arrivals.as_of_date, arrivals.connection, arrivals.source_system, arrivals.feed, arrivals.known_on, arrivals.records,
        arrivals.pause_days as days_covered,
        {{ div_round('1000 * arrivals.records', 'arrivals.pause_days') }} as records_a_day_milli,
        row_number() over (
            partition by arrivals.as_of_date, arrivals.connection, arrivals.source_system, arrivals.feed order by arrivals.known_on desc
        ) as load_rank
    from arrivals
    where arrivals.is_loaded = 1 and arrivals.pause_workdays > 0
),

usual_loads as (
    select
        newest.as_of_date, newest.connection, newest.source_system, newest.feed, newest.known_on, newest.records,
        newest.records_a_day_milli, newest.days_covered, policies.rule_key, policies.metric, policies.threshold, policies.min_volume,
        {{ median_of('earlier.records') }} as usual_records,
        {{ median_of('earlier.records_a_day_milli') }} as usual_a_day_milli,
        min(earlier.records) as fewest, max(earlier.records) as most,
        min(earlier.records_a_day_milli) as fewest_a_day_milli, max(earlier.records_a_day_milli) as most_a_day_milli
    from loads as newest
    inner join {{ ref('rul_anomaly__limits') }} as policies
        on
            policies.metric in ('delivery_drop', 'delivery_rise')
            and {{ active_on('policies', 'newest.as_of_date') }}
            and coalesce(policies.subject, newest.feed) = newest.feed
            and {{ days_between('newest.known_on', 'newest.as_of_date') }} < policies.window_days
    inner join loads as earlier
        on
            newest.as_of_date = earlier.as_of_date
            and newest.connection = earlier.connection
            and newest.source_system = earlier.source_system
            and newest.feed = earlier.feed
            and earlier.load_rank between 2 and policies.baseline_deliveries + 1
    where newest.load_rank = 1
    group by
        newest.as_of_date, newest.connection, newest.source_system, newest.feed, newest.known_on, newest.records,
        newest.records_a_day_milli, newest.days_covered, policies.rule_key, policies.metric, policies.threshold,
        policies.min_volume, policies.baseline_deliveries
    having count(*) = policies.baseline_deliveries
),

-- A check is suspended for a delivery for good; the alert about it stands for a while.
suspended as (
    select
        day_ends.as_of_date,
        policies.rule_key,
        checks.rule_id,
        checks.feed,
        min(greatest(checks.suspended_from, checks.known_on)) as since_on,
        max(greatest(checks.suspended_from, checks.known_on)) as last_on,
        sum(checks.caught) as caught,
        {{ div_round('sum(checks.records * checks.max_share_pct)', 100) }} as allowed
    from {{ ref('int_cleansing__suspended_checks') }} as checks
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on greatest(checks.suspended_from, checks.known_on) <= day_ends.as_of_date and day_ends.is_in_series
    inner join {{ ref('rul_anomaly__limits') }} as policies
        on
            policies.metric = 'check_suspended'
            and {{ active_on('policies', 'day_ends.as_of_date') }}
            and {{ days_between('greatest(checks.suspended_from, checks.known_on)', 'day_ends.as_of_date') }} < policies.window_days
    group by day_ends.as_of_date, policies.rule_key, checks.rule_id, checks.feed, policies.threshold
    having count(*) >= policies.threshold
)

select
    as_of_date, 'feed_late' as metric, rule_key, connection || '|' || source_system || '|' || feed as subject_key,
    source_system || ':' || feed as brought_by, late_since_on as since_on, last_on,
    silent_workdays as amount, usual_pause_workdays as usual_amount
from late_feeds
union all
select
    as_of_date, metric, rule_key, connection || '|' || source_system || '|' || feed as subject_key,
    source_system || ':' || feed as brought_by, known_on as since_on, known_on as last_on,
    records as amount, usual_records as usual_amount
from usual_loads
where
    least(1000 * usual_records, usual_a_day_milli * days_covered) >= 1000 * min_volume
    and (
        metric = 'delivery_drop'
        and 100 * records < threshold * usual_records and records < fewest
        and 100 * records_a_day_milli < threshold * usual_a_day_milli and records_a_day_milli < fewest_a_day_milli
        or metric = 'delivery_rise'
        and 100 * records > threshold * usual_records and records > most
        and 100 * records_a_day_milli > threshold * usual_a_day_milli and records_a_day_milli > most_a_day_milli
    )
union all
select
    as_of_date, 'check_suspended' as metric, rule_key, rule_id || '|' || feed as subject_key,
    feed as brought_by, since_on, last_on, caught as amount, allowed as usual_amount
from suspended
