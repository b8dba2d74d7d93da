-- Events that were delivered again with other content. They are few, so that the many others need no ranking.
with

versions as (
    {% for touch_view in touch_views() %}
    select feed, record_key, delivery_id, delivery_row, known_at, known_on
    from {{ ref(touch_view) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

repeated as (
    select feed, record_key
    from versions
    group by feed, record_key
    having count(*) > 1
)

select
    versions.feed,
    versions.record_key,
    versions.delivery_id,
    versions.delivery_row,
    min(versions.known_at) over (partition by versions.feed, versions.record_key) as first_known_at,
    min(versions.known_on) over (partition by versions.feed, versions.record_key) as first_known_on,
    row_number() over (
        partition by versions.feed, versions.record_key
        order by versions.known_at desc, versions.delivery_id desc, versions.delivery_row desc
    ) = 1 as is_latest
from versions
inner join repeated
    on versions.feed = repeated.feed and versions.record_key = repeated.record_key
