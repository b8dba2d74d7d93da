-- What each delivery left in the raw lake: its records, without the tombstones that its silence caused.
with

rows_of_feeds as (
    {% for feed, staged in staged_feeds().items() %}
    select
        '{{ feed }}' as feed,
        delivery_id,
        count(*) as stored_rows,
        min(known_at) as first_known_at
    from {{ staged }}
    where delivery_row is not null
    group by delivery_id
    {{ "union all" if not loop.last }}
    {% endfor %}
)

select
    feed,
    delivery_id,
    stored_rows,
    {{ knowledge_date('first_known_at') }} as first_known_on
from rows_of_feeds
