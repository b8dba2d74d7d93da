-- Events that were delivered again with other content: each version counts until the next one is known, so a past day
-- keeps reading what it knew. They are few, so that the many others need no ranking.
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
    coalesce(
        lead(versions.known_on) over (
            partition by versions.feed, versions.record_key
            order by versions.known_at, versions.delivery_id, versions.delivery_row
        ),
        cast('9999-12-31' as date)
    ) as superseded_on
from versions
inner join repeated
    on versions.feed = repeated.feed and versions.record_key = repeated.record_key
