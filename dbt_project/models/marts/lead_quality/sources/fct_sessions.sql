{% set text = dbt.type_string() %}
-- What a lead or a visitor did in one go (R03): how long, how much and how deep, who started it, through which door.
with

touches as (
    select
        touches.*,
        coalesce(content_ref, qualifier, touch_type) as thing
    from {{ ref('fct_touchpoints') }} as touches
    where session_key is not null
)

select
    cast(session_key as {{ text }}) as session_key,
    cast(max(lead_id) as {{ text }}) as lead_id,
    cast(min(occurred_at) as {{ dbt.type_timestamp() }}) as started_at,
    cast(min(occurred_on) as date) as started_on,
    cast(max(occurred_at) as {{ dbt.type_timestamp() }}) as ended_at,
    cast({{ seconds_between('min(occurred_at)', 'max(occurred_at)') }} as bigint) as length_seconds,
    cast(count(*) as bigint) as touches,
    cast(count(distinct channel || '.' || thing) as bigint) as depth,
    cast(count(distinct channel) as bigint) as channels,
    cast(max(case when touch_key = session_key then channel end) as {{ text }}) as first_channel,
    cast(max(case when touch_key = session_key then touch_type end) as {{ text }}) as first_touch_type,
    cast(max(case when touch_key = session_key then initiative end) as {{ text }}) as initiative,
    cast(max(case when touch_key = session_key then campaign_ref end) as {{ text }}) as first_campaign_ref
from touches
group by session_key
