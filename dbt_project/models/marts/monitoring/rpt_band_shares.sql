{{ config(
    materialized='incremental',
    full_refresh=false,
    incremental_strategy='append',
    pre_hook='{{ forget_day_ends_to_record(with_month_ends=true) }}',
    on_schema_change='append_new_columns',
) }}
-- How many leads each band holds, day by day: a record, because a share that creeps is only seen against one of months ago.
with

days as (
    {{ day_ends_to_record(with_month_ends=true) }}
),

bands as (
    select days.as_of_date, bands.band
    from days
    inner join {{ ref('rul_scoring__bands') }} as bands
        on bands.band_set = 'total' and {{ active_on('bands', 'days.as_of_date') }}
),

leads as (
    select as_of_date, band, count(*) as leads_in_band
    from {{ ref('int_action__lead_days') }}
    where scope = 'b2b' and band is not null
    group by as_of_date, band
),

counted as (
    select
        bands.as_of_date, bands.band, coalesce(leads.leads_in_band, 0) as leads_in_band,
        sum(coalesce(leads.leads_in_band, 0)) over (partition by bands.as_of_date) as leads
    from bands
    left join leads on bands.as_of_date = leads.as_of_date and bands.band = leads.band
)

select
    cast(as_of_date as date) as as_of_date,
    cast(band as {{ dbt.type_string() }}) as band,
    cast(leads as bigint) as leads,
    cast(leads_in_band as bigint) as leads_in_band,
    cast(case when leads > 0 then {{ floor_div('1000000 * leads_in_band', 'leads') }} end as bigint) as share_millionths
from counted
