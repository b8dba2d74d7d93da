{{ config(schema='action') }}
-- What a rep promised in the last contact that named a next step: due today, or overdue when the day has passed without
-- any contact since. "Today" is the business day that begins with the day-end, because that is when the queue is worked.
with

day_end as (
    select as_of_date, {{ business_date('clock_at') }} as today
    from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

activities as (
    select
        activities.feed,
        activities.record_key,
        activities.next_step_at,
        row_number() over (
            partition by activities.record_key
            order by activities.known_at desc, activities.delivery_id desc, activities.delivery_row desc
        ) as version_rank
    from {{ ref('stg_sales__activities') }} as activities
    inner join day_end on activities.known_on <= day_end.as_of_date
),

promises as (
    select
        touches.lead_id,
        touches.occurred_at,
        {{ business_date('activities.next_step_at') }} as promised_on,
        row_number() over (
            partition by touches.lead_id order by touches.occurred_at desc, touches.touch_key desc
        ) as promise_rank
    from activities
    inner join {{ ref('fct_touchpoints') }} as touches
        on activities.feed = touches.feed and activities.record_key = touches.record_key
    where activities.version_rank = 1 and activities.next_step_at is not null and touches.lead_id is not null
),

last_contacts as (
    select lead_id, max(occurred_at) as contacted_at
    from {{ ref('int_action__responses') }}
    group by lead_id
)

select
    promises.lead_id,
    promises.promised_on,
    case when promises.promised_on = day_end.today then 'today' else 'overdue' end as promise
from promises
cross join day_end
left join last_contacts on promises.lead_id = last_contacts.lead_id
where
    promises.promise_rank = 1
    and (
        promises.promised_on = day_end.today
        or (promises.promised_on < day_end.today and coalesce(last_contacts.contacted_at <= promises.occurred_at, true))
    )
