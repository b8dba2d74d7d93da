-- Conversion stages from how often and how deep a lead took part (R21). A stage is entered on a day whose window holds enough
-- active days, depth and content items, and held until the lead has been silent for its days of inactivity. A touch counts
-- from the later of occurred and known; what happened on a day still speaks on that day.
with

stages as (
    select day_ends.as_of_date, rules.*
    from {{ ref('int_cleansing__day_ends') }} as day_ends
    inner join {{ ref('rul_maturity__conversion_stages') }} as rules on {{ active_on('rules', 'day_ends.as_of_date') }}
),

own_touches as (
    select
        as_of_date, lead_id, occurred_on, channel, touch_type,
        greatest(occurred_on, min(known_on)) as valid_from,
        max(depth) as depth
    from {{ ref('int_scoring__engagement_days') }}
    where state = 'day_end' and is_activity = 1
    group by as_of_date, lead_id, occurred_on, channel, touch_type
),

activity as (
    select as_of_date, lead_id, occurred_on, valid_from, max(depth) as depth, cast(null as {{ dbt.type_string() }}) as content_ref
    from own_touches
    group by as_of_date, lead_id, occurred_on, valid_from
),

contents as (
    select
        owners.as_of_date, owners.lead_id, touches.occurred_on,
        greatest(touches.occurred_on, touches.visible_from) as valid_from,
        max(own_touches.depth) as depth,
        touches.content_ref
    from {{ ref('int_cleansing__visible_touches') }} as touches
    inner join {{ ref('int_cleansing__key_owners') }} as owners
        on
            touches.subject_key = owners.key_key
            and touches.visible_from <= owners.as_of_date
            and owners.as_of_date < touches.visible_to
    inner join own_touches
        on
            owners.as_of_date = own_touches.as_of_date
            and owners.lead_id = own_touches.lead_id
            and touches.occurred_on = own_touches.occurred_on
            and touches.channel = own_touches.channel
            and touches.touch_type = own_touches.touch_type
    where touches.content_ref is not null and not touches.is_automatic
    group by 1, 2, 3, 4, 6
),

takings_part as (
    select * from activity
    union all
    select * from contents
),

windows as (
    select distinct as_of_date, window_days from stages
),

measured as (
    select
        days.as_of_date, days.lead_id, days.valid_from as measured_on, windows.window_days,
        count(distinct earlier.occurred_on) as active_days,
        max(earlier.depth) as depth,
        count(distinct earlier.content_ref) as content_items
    from (select distinct as_of_date, lead_id, valid_from from takings_part) as days
    inner join windows on days.as_of_date = windows.as_of_date
    inner join takings_part as earlier
        on
            days.as_of_date = earlier.as_of_date
            and days.lead_id = earlier.lead_id
            and earlier.valid_from <= days.valid_from
            and days.valid_from < {{ add_days('earlier.occurred_on', 'windows.window_days') }}
    group by days.as_of_date, days.lead_id, days.valid_from, windows.window_days
),

entries as (
    select measured.as_of_date, measured.lead_id, stages.rule_key, measured.measured_on
    from measured
    inner join stages
        on
            measured.as_of_date = stages.as_of_date
            and measured.window_days = stages.window_days
            and measured.active_days >= stages.min_active_days
            and measured.depth >= stages.min_depth
            and measured.content_items >= stages.min_content_items
),

-- Days that are not silent run into each other until somebody stays away for too long. Only that length differs from stage to
-- stage, so the days are put in order once and each stage looks for its pauses (a fifth of the rows to sort).
days_of_activity as (
    select as_of_date, lead_id, valid_from, max(occurred_on) as occurred_on
    from activity
    group by as_of_date, lead_id, valid_from
),

with_day_before as (
    select
        days_of_activity.*,
        max(occurred_on) over (
            partition by as_of_date, lead_id order by valid_from rows between unbounded preceding and 1 preceding
        ) as active_before_on
    from days_of_activity
),

last_days as (
    select as_of_date, lead_id, max(occurred_on) as active_last_on
    from activity
    group by as_of_date, lead_id
),

starts as (
    select
        days.as_of_date, days.lead_id, stages.rule_key, stages.leave_after_inactive_days,
        days.valid_from as island_from, days.active_before_on
    from with_day_before as days
    inner join stages on days.as_of_date = stages.as_of_date
    where
        days.active_before_on is null
        or days.valid_from > {{ add_days('days.active_before_on', 'stages.leave_after_inactive_days') }}
),

with_end as (
    select
        starts.*,
        lead(active_before_on) over (partition by as_of_date, lead_id, rule_key order by island_from) as active_until_on
    from starts
),

islands as (
    select
        with_end.as_of_date, with_end.lead_id, with_end.rule_key, with_end.island_from,
        {{ add_days('coalesce(with_end.active_until_on, last_days.active_last_on)', 'with_end.leave_after_inactive_days') }}
            as island_to
    from with_end
    inner join last_days on with_end.as_of_date = last_days.as_of_date and with_end.lead_id = last_days.lead_id
)

select
    islands.as_of_date,
    islands.lead_id,
    stages.conversion_stage,
    stages.stage_order,
    islands.rule_key,
    min(entries.measured_on) as held_from,
    islands.island_to as held_to
from islands
inner join entries
    on
        islands.as_of_date = entries.as_of_date
        and islands.lead_id = entries.lead_id
        and islands.rule_key = entries.rule_key
        and islands.island_from <= entries.measured_on
        and entries.measured_on < islands.island_to
inner join stages on islands.as_of_date = stages.as_of_date and islands.rule_key = stages.rule_key
group by islands.as_of_date, islands.lead_id, stages.conversion_stage, stages.stage_order, islands.rule_key, islands.island_to
