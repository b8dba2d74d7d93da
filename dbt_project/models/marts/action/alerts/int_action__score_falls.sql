{{ config(schema='action') }}
-- Leads whose score fell at least as far as a policy says, or came near it, whatever the reason;
-- int_action__unexplained_falls then asks why. The window starts `window_days` before, or at the oldest day-end of the
-- series when that is later.
with

series_days as (
    select distinct as_of_date from {{ ref('int_action__lead_days') }}
    where is_in_series
),

bands as (
    select
        day_ends.as_of_date,
        bands.band,
        bands.lower_pct * 1000 as lower_milli,
        row_number() over (partition by day_ends.as_of_date order by bands.lower_pct) as band_rank
    from series_days as day_ends
    inner join {{ ref('rul_scoring__bands') }} as bands
        on bands.band_set = 'total' and {{ active_on('bands', 'day_ends.as_of_date') }}
),

windows as (
    select
        day_ends.as_of_date,
        policies.rule_key,
        policies.band,
        policies.lifecycle_statuses,
        policies.threshold,
        policies.threshold_unit,
        min(starts.as_of_date) as start_on
    from series_days as day_ends
    inner join {{ ref('rul_anomaly__policies') }} as policies
        on
            policies.scope = 'lead'
            and policies.metric in ('score_plunge', 'band_drop')
            and {{ active_on('policies', 'day_ends.as_of_date') }}
    inner join series_days as starts
        on
            starts.as_of_date < day_ends.as_of_date
            and {{ days_between('starts.as_of_date', 'day_ends.as_of_date') }} <= policies.window_days
    group by
        day_ends.as_of_date, policies.rule_key, policies.band, policies.lifecycle_statuses, policies.threshold,
        policies.threshold_unit
),

compared as (
    select
        windows.as_of_date,
        windows.start_on,
        windows.rule_key,
        end_days.lead_id,
        start_days.score_milli as start_score_milli,
        start_days.score_milli - end_days.score_milli as lost_milli,
        -- Two bands down is the loss that ends just below the lower end of the band one above.
        case windows.threshold_unit
            when 'points' then windows.threshold * 1000
            when 'bands' then start_days.score_milli - passed_bands.lower_milli + 1
        end as needed_milli
    from windows
    inner join {{ ref('int_action__lead_days') }} as end_days on windows.as_of_date = end_days.as_of_date
    inner join {{ ref('int_action__lead_days') }} as start_days
        on windows.start_on = start_days.as_of_date and end_days.lead_id = start_days.lead_id
    left join bands as start_bands
        on windows.as_of_date = start_bands.as_of_date and start_days.band = start_bands.band
    left join bands as passed_bands
        on
            windows.as_of_date = passed_bands.as_of_date
            and passed_bands.band_rank = start_bands.band_rank - windows.threshold + 1
            and start_bands.band_rank > windows.threshold
    where
        (windows.band is null or windows.band = start_days.band)
        and (
            windows.lifecycle_statuses is null
            or {{ is_in_list('end_days.lifecycle_status', 'windows.lifecycle_statuses') }}
        )
)

select as_of_date, lead_id, rule_key, start_on, start_score_milli, lost_milli, needed_milli
from compared
where lost_milli * 100 >= needed_milli * {{ var('near_miss_pct') }}
