{{ config(schema='lead_quality') }}
-- The steps by which content travels (R04): somebody shares, somebody arrives by a share. A parent counts only when it was
-- shared before: a circle has a step that goes back in time, so it is cut there, and a lost parent begins a chain of its own.
with

events as (
    select
        touches.touch_key,
        touches.occurred_at,
        touches.occurred_on,
        touches.subject_key,
        touches.rep_ref,
        touches.content_ref,
        links.source_system || ':' || links.share_ref as share_key,
        links.source_system || ':' || links.parent_share_ref as parent_share_key,
        coalesce(links.sharer_kind, 'unknown') as sharer_kind,
        owners.lead_id,
        links.event_type in ('referred_by_customer', 'partner_registered_deal') as is_arrival,
        links.event_type = 'link_opened_by_others' as is_opening,
        day_ends.as_of_date
    from {{ ref('int_cleansing__visible_touches') }} as touches
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on
            day_ends.is_current
            and touches.occurred_on <= day_ends.as_of_date
            and touches.visible_from <= day_ends.as_of_date
            and day_ends.as_of_date < touches.visible_to
    inner join {{ ref('stg_sharing__links') }} as links
        on touches.delivery_id = links.delivery_id and touches.delivery_row = links.delivery_row
    left join {{ ref('int_cleansing__key_owners') }} as owners
        on day_ends.as_of_date = owners.as_of_date and touches.subject_key = owners.key_key
    where touches.feed = 'share_links'
),

-- Who shared is what the first sharing says; an opening repeats it, an arrival names only the kind of sharer.
ranked_events as (
    select
        events.*,
        row_number() over (
            partition by share_key
            order by case when is_arrival then 2 when is_opening then 1 else 0 end, occurred_at, touch_key
        ) as event_rank,
        min(occurred_at) over (partition by share_key) as shared_at,
        sum(case when is_opening then 1 else 0 end) over (partition by share_key) as opens
    from events
),

shares as (
    select
        as_of_date,
        share_key,
        parent_share_key,
        shared_at,
        content_ref,
        sharer_kind,
        opens,
        case when not is_arrival then rep_ref end as rep_ref,
        case when not is_arrival then lead_id end as lead_id,
        case when not is_arrival then coalesce(lead_id, subject_key, 'rep|' || rep_ref) end as person_key
    from ranked_events
    where event_rank = 1
)

select
    shares.as_of_date,
    shares.share_key as step_key,
    'share' as step_kind,
    case
        when shares.parent_share_key is null then 'none'
        when parents.share_key is null then 'lost'
        when parents.shared_at < shares.shared_at then 'known'
        when parents.shared_at = shares.shared_at and parents.share_key < shares.share_key then 'known'
        else 'later'
    end as parent_state,
    case
        when parents.shared_at < shares.shared_at then parents.share_key
        when parents.shared_at = shares.shared_at and parents.share_key < shares.share_key then parents.share_key
    end as parent_key,
    shares.shared_at as happened_at,
    shares.content_ref,
    shares.sharer_kind,
    shares.rep_ref,
    shares.lead_id,
    shares.person_key,
    shares.opens
from shares
left join shares as parents on shares.parent_share_key = parents.share_key

union all

select
    as_of_date, touch_key, 'arrival', 'known', share_key, occurred_at, content_ref, sharer_kind, null, lead_id,
    coalesce(lead_id, subject_key), 0
from events
where is_arrival
