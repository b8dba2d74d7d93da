{{ config(schema='lead_quality') }}
-- Which touches the current day-end sees, whose they are and what they are called today, and which belong together (R03): what a
-- person does, until a pause (SES rules); what we or programs do is no session. A session is named after its first touch, so
-- that a later one never renames it. Touches at one instant need no order among themselves: whichever of them ends the pause,
-- it begins at that instant.
with

current_day as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

owners as (
    select owners.key_key, owners.lead_id, owners.stitched_on
    from {{ ref('int_cleansing__key_owners') }} as owners
    inner join current_day on owners.as_of_date = current_day.as_of_date
),

qualifiers as (
    select qualifiers.touch_key, min(qualifiers.qualifier) as qualifier
    from {{ ref('int_tagging__touch_qualifiers') }} as qualifiers
    inner join current_day
        on qualifiers.valid_from <= current_day.as_of_date and current_day.as_of_date < qualifiers.valid_to
    group by qualifiers.touch_key
),

-- One condition instead of three: planners multiply the selectivity they guess for each, expect some hundred touches where
-- there are millions, and put the large side of a join into memory.
touches as (
    select
        touches.touch_key, touches.known_on, touches.occurred_at, qualifiers.qualifier, owners.lead_id,
        case when owners.lead_id is not null then greatest(touches.known_on, owners.stitched_on) end as stitched_on,
        case
            when not touches.is_automatic and touches.initiative in ('customer', 'reaction')
                then coalesce(owners.lead_id, touches.subject_key)
        end as person_key
    from {{ ref('int_cleansing__visible_touches') }} as touches
    cross join current_day
    left join owners on touches.subject_key = owners.key_key
    left join qualifiers on touches.touch_key = qualifiers.touch_key
    where (
        touches.occurred_on <= current_day.as_of_date
        and touches.visible_from <= current_day.as_of_date
        and current_day.as_of_date < touches.visible_to
    ) is true
),

-- What is nobody's own doing stays alone.
series as (
    select touches.*, coalesce('person|' || person_key, 'alone|' || touch_key) as series_key
    from touches
),

with_pause as (
    select
        series.*,
        {{ seconds_between('lag(occurred_at) over (partition by series_key order by occurred_at)', 'occurred_at') }} as pause_seconds
    from series
),

with_start as (
    select
        with_pause.*,
        max(case when with_pause.pause_seconds <= gaps.gap_minutes * 60 then null else with_pause.occurred_at end) over (
            partition by with_pause.series_key order by with_pause.occurred_at range unbounded preceding
        ) as started_at
    from with_pause
    cross join (
        select max(rules.gap_minutes) as gap_minutes
        from {{ ref('rul_cleansing__sessions') }} as rules
        inner join current_day on {{ active_on('rules', 'current_day.as_of_date') }}
    ) as gaps
)

select
    touch_key,
    known_on,
    lead_id,
    stitched_on,
    qualifier,
    case
        when person_key is not null
            then min(case when occurred_at = started_at then touch_key end) over (partition by series_key, started_at)
    end as session_key
from with_start
