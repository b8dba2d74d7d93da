-- The version of each person record that a day-end sees: the newest one known by then that no rule holds back.
with

day_ends as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
),

records as (
    select * from {{ ref('int_cleansing__person_records') }}
),

holds as (
    select distinct as_of_date, feed, delivery_id, delivery_row from {{ ref('int_cleansing__holds') }}
),

-- Nine in ten records came in one version: only the others are ranked, because sorting rows this wide cost three quarters
-- of the model.
records_with_versions as (
    select node_key from records
    group by node_key
    having count(*) > 1
),

visible_versions as (
    select
        day_ends.as_of_date,
        records.*
    from records
    inner join day_ends
        on
            records.known_on <= day_ends.as_of_date
            and records.occurred_on <= day_ends.as_of_date
    left join holds
        on
            day_ends.as_of_date = holds.as_of_date
            and records.feed = holds.feed
            and records.delivery_id = holds.delivery_id
            and records.delivery_row = holds.delivery_row
    where holds.delivery_id is null
),

ranked_versions as (
    select
        visible_versions.*,
        row_number() over (
            partition by as_of_date, node_key
            order by known_at desc, delivery_id desc, delivery_row desc
        ) as version_rank,
        min(known_at) over all_versions as first_known_at,
        min(known_on) over all_versions as first_known_on,
        min(occurred_at) over all_versions as first_occurred_at
    from visible_versions
    where node_key in (select records_with_versions.node_key from records_with_versions)
    -- One order for all windows: the records are sorted once.
    window all_versions as (
        partition by as_of_date, node_key
        order by known_at desc, delivery_id desc, delivery_row desc
        rows between unbounded preceding and unbounded following
    )
)

select * from ranked_versions
where version_rank = 1 and not is_deleted
union all
select
    visible_versions.*,
    1 as version_rank,
    known_at as first_known_at,
    known_on as first_known_on,
    occurred_at as first_occurred_at
from visible_versions
where node_key not in (select records_with_versions.node_key from records_with_versions) and not is_deleted
