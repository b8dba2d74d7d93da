{%- set text = dbt.type_string() -%}
select
    cast(date_day as date) as date_day,
    cast({{ iso_weekday('date_day') }} as bigint) as iso_weekday,
    cast(day_kind as {{ text }}) as day_kind,
    cast(business_seconds > 0 as boolean) as is_business_day,
    cast(business_seconds as bigint) as business_seconds,
    cast(cumulative_business_seconds as bigint) as cumulative_business_seconds,
    cast(case when day_kind <> 'unknown' then
        sum(case when business_seconds > 0 then 1 else 0 end) over (
            order by date_day rows between unbounded preceding and current row
        )
    end as bigint) as business_day_number
from {{ ref('rul_sla__business_days') }}
where calendar = '{{ var("business_calendar", "cn_business") }}'
