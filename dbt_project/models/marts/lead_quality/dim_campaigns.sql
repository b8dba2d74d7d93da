-- The campaigns as the day-end knows them, with what they cost so far. Without dates the cost cannot be placed in time.
with

current_day as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

campaigns as (
    select
        versions.*,
        {{ business_date('versions.started_at') }} as started_on,
        {{ business_date('coalesce(versions.ended_at, versions.started_at)') }} as ended_on,
        -- Two systems may know one campaign; the newest word counts.
        row_number() over (
            partition by versions.campaign_id
            order by versions.known_at desc, versions.delivery_id desc, versions.delivery_row desc
        ) as version_rank
    from {{ ref('stg_marketing__campaigns') }} as versions
    inner join current_day on versions.known_on <= current_day.as_of_date
    where versions.campaign_id is not null
),

spent as (
    select
        campaigns.*,
        current_day.as_of_date,
        cast(round(cost_cny * 100) as bigint) as cost_fen,
        case when started_on <= ended_on then 1 + {{ days_between('started_on', 'ended_on') }} end as campaign_days,
        1 + {{ days_between('started_on', 'current_day.as_of_date') }} as days_so_far
    from campaigns
    cross join current_day
    where version_rank = 1 and not is_deleted
)

select
    cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,
    cast(as_of_date as date) as as_of_date,
    cast(campaign_name as {{ dbt.type_string() }}) as campaign_name,
    cast(channel as {{ dbt.type_string() }}) as channel_text,
    cast(product as {{ dbt.type_string() }}) as product,
    cast(started_on as date) as started_on,
    cast(ended_on as date) as ended_on,
    cast(cost_fen as bigint) as cost_fen,
    cast(campaign_days as bigint) as campaign_days,
    cast(case
        when campaign_days > 0 then {{ floor_div('cost_fen * greatest(least(days_so_far, campaign_days), 0)', 'campaign_days') }}
    end as bigint) as spent_fen,
    cast(source_system as {{ dbt.type_string() }}) as source_system
from spent
