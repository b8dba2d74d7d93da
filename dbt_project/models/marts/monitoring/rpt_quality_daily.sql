{{ config(
    materialized='incremental',
    full_refresh=false,
    incremental_strategy=reload_strategy(),
    unique_key='as_of_date',
    partition_by=['as_of_date'] if target.type == 'spark' else none,
    on_schema_change='append_new_columns',
) }}
{%- set text = dbt.type_string() -%}
-- The day-ends of the build replace what earlier builds wrote for them; older days stay as they were published.
select
    cast(as_of_date as date) as as_of_date,
    cast(coalesce(band, 'not_scored') as {{ text }}) as band,
    cast(coalesce(source_channel, 'unknown') as {{ text }}) as source_channel,
    cast(coalesce(industry, 'unknown') as {{ text }}) as industry,
    cast(scope as {{ text }}) as scope,
    cast(count(*) as bigint) as leads,
    cast(sum(case when first_known_on = as_of_date then 1 else 0 end) as bigint) as new_leads,
    cast(sum(score_milli) as bigint) as score_milli_sum,
    cast(sum(is_mql_or_beyond) as bigint) as mqls,
    cast(sum(case when maturity_level = 'high' then 1 else 0 end) as bigint) as high_maturity
from {{ ref('int_action__lead_days') }}
where as_of_date in (select day_ends.as_of_date from {{ ref('int_cleansing__day_ends') }} as day_ends)
group by 1, 2, 3, 4, 5
