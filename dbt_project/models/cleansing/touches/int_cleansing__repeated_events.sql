-- Events that were delivered again with other content: each version counts until the next one is known, so a past day
-- keeps reading what it knew. They are few: a hash of the key finds the candidates, so that the many others need neither
-- ranking nor comparing.
with

versions as (
    {% for touch_view in touch_views() %}
    select feed, record_key, delivery_id, delivery_row, known_at, {{ quick_hash('record_key') }} as key_hash
    from {{ ref(touch_view) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

repeated_hashes as (
    select key_hash
    from versions
    group by key_hash
    having count(*) > 1
),

candidates as (
    select versions.*
    from versions
    inner join repeated_hashes on versions.key_hash = repeated_hashes.key_hash
),

ordered as (
    select
        feed,
        record_key,
        delivery_id,
        delivery_row,
        count(*) over (partition by feed, record_key) as versions,
        lead(known_at) over (
            partition by feed, record_key
            order by known_at, delivery_id, delivery_row
        ) as superseded_at
    from candidates
)

select
    feed,
    record_key,
    delivery_id,
    delivery_row,
    coalesce({{ knowledge_date('superseded_at') }}, cast('9999-12-31' as date)) as superseded_on
from ordered
where versions > 1
