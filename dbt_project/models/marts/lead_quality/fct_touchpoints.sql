-- The whole trail (R03): every touch that the current day-end sees, with the lead that owns it today, if any.
with

current_day as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

-- One condition instead of three: engines take each comparison for selective (DuckDB a fifth), believe in some hundred touches
-- where there are millions, and build the hash tables of the joins below on them: 4 GB did not hold them at 4.2 million touches.
touches as (
    select touches.*
    from {{ ref('int_cleansing__visible_touches') }} as touches
    cross join current_day
    where (
        touches.occurred_on <= current_day.as_of_date
        and touches.visible_from <= current_day.as_of_date
        and current_day.as_of_date < touches.visible_to
    ) is true
),

qualifiers as (
    select qualifiers.touch_key, min(qualifiers.qualifier) as qualifier
    from {{ ref('int_tagging__touch_qualifiers') }} as qualifiers
    inner join current_day
        on qualifiers.valid_from <= current_day.as_of_date and current_day.as_of_date < qualifiers.valid_to
    group by qualifiers.touch_key
),

owners as (
    select owners.key_key, owners.lead_id, owners.stitched_on
    from {{ ref('int_cleansing__key_owners') }} as owners
    inner join current_day on owners.as_of_date = current_day.as_of_date
),

-- What a person does belongs together until a pause (SES rules); what we or programs do is no session. A session is named
-- after its first touch, so that a later one never renames it. Touches at one instant need no order among themselves: whichever
-- of them ends the pause, the session begins at that instant.
own_touches as (
    select
        touches.touch_key, touches.occurred_at,
        coalesce(owners.lead_id, touches.subject_key) as person_key
    from touches
    left join owners on touches.subject_key = owners.key_key
    where
        not touches.is_automatic
        and touches.initiative in ('customer', 'reaction')
        and coalesce(owners.lead_id, touches.subject_key) is not null
),

with_pause as (
    select
        own_touches.*,
        {{ seconds_between('lag(occurred_at) over (partition by person_key order by occurred_at)', 'occurred_at') }} as pause_seconds
    from own_touches
),

with_start as (
    select
        with_pause.touch_key, with_pause.person_key, with_pause.occurred_at,
        max(case when with_pause.pause_seconds <= gaps.gap_minutes * 60 then null else with_pause.occurred_at end) over (
            partition by with_pause.person_key order by with_pause.occurred_at range unbounded preceding
        ) as started_at
    from with_pause
    cross join (
        select max(rules.gap_minutes) as gap_minutes
        from {{ ref('rul_cleansing__sessions') }} as rules
        inner join current_day on {{ active_on('rules', 'current_day.as_of_date') }}
    ) as gaps
),

first_touches as (
    select person_key, started_at, min(touch_key) as session_key
    from with_start
    where occurred_at = started_at
    group by person_key, started_at
),

sessions as (
    select with_start.touch_key, first_touches.session_key
    from with_start
    inner join first_touches
        on with_start.person_key = first_touches.person_key and with_start.started_at = first_touches.started_at
)

select
    cast(touches.touch_key as varchar) as touch_key,
    cast(owners.lead_id as varchar) as lead_id,
    cast({{ published_key('touches.subject_key') }} as varchar) as subject_key,
    cast(touches.occurred_at as timestamp) as occurred_at,
    cast(touches.occurred_on as date) as occurred_on,
    cast(touches.known_on as date) as known_on,
    cast(touches.channel as varchar) as channel,
    cast(touches.touch_type as varchar) as touch_type,
    cast(qualifiers.qualifier as varchar) as qualifier,
    cast(touches.measure_value as bigint) as measure_value,
    cast(touches.initiative as varchar) as initiative,
    cast(touches.is_response as boolean) as is_response,
    cast(touches.is_automatic as boolean) as is_automatic,
    cast(sessions.session_key as varchar) as session_key,
    cast(touches.content_ref as varchar) as content_ref,
    cast(touches.campaign_ref as varchar) as campaign_ref,
    cast(touches.rep_ref as varchar) as rep_ref,
    cast(case when owners.lead_id is not null then greatest(touches.known_on, owners.stitched_on) end as date) as stitched_on,
    cast(touches.feed as varchar) as feed,
    cast(touches.record_key as varchar) as record_key,
    cast(touches.delivery_id as varchar) as delivery_id
from touches
left join qualifiers on touches.touch_key = qualifiers.touch_key
left join owners on touches.subject_key = owners.key_key
left join sessions on touches.touch_key = sessions.touch_key
