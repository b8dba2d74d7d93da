-- Rows that some rule ever held back, and the spans of day-ends on which none does: a quarantined touch returns by
-- itself when its rule is retired or changed, or an exception takes the hit back (R07). Rows without a hit need none here.
with

holding_hits as (
    select
        hits.feed, hits.delivery_id, hits.delivery_row, hits.rule_key, hits.stands_from as valid_from,
        least(hits.stands_to, coalesce(suspended.suspended_from, hits.stands_to)) as valid_to
    from {{ ref('int_cleansing__verdict_hits') }} as hits
    left join {{ ref('int_cleansing__suspended_checks') }} as suspended
        on
            hits.delivery_id = suspended.delivery_id
            and hits.feed = suspended.feed
            and hits.rule_key = suspended.rule_key
    where
        hits.verdict in ('quarantine', 'reject')
        and (suspended.delivery_id is null or hits.stands_from < suspended.suspended_from)
),

exemptions as (
    select exempt.*
    from {{ ref('int_cleansing__exempt_hits') }} as exempt
    inner join (select distinct feed, delivery_id, delivery_row, rule_key from holding_hits) as held
        on
            exempt.feed = held.feed
            and exempt.delivery_id = held.delivery_id
            and exempt.delivery_row = held.delivery_row
            and exempt.rule_key = held.rule_key
    where exempt.status = 'active'
),

boundaries as (
    select feed, delivery_id, delivery_row, cast('2000-01-01' as date) as boundary_on from holding_hits
    union
    select feed, delivery_id, delivery_row, cast('9999-12-31' as date) from holding_hits
    {% for relation in ['holding_hits', 'exemptions'] %}
    union
    select feed, delivery_id, delivery_row, valid_from from {{ relation }}
    union
    select feed, delivery_id, delivery_row, valid_to from {{ relation }}
    {% endfor %}
),

spans as (
    select
        feed, delivery_id, delivery_row,
        boundary_on as free_from,
        lead(boundary_on) over (partition by feed, delivery_id, delivery_row order by boundary_on) as free_to
    from boundaries
),

held_spans as (
    select distinct spans.feed, spans.delivery_id, spans.delivery_row, spans.free_from
    from spans
    inner join holding_hits as hits
        on
            spans.feed = hits.feed
            and spans.delivery_id = hits.delivery_id
            and spans.delivery_row = hits.delivery_row
            and hits.valid_from <= spans.free_from
            and spans.free_from < hits.valid_to
    left join exemptions
        on
            hits.feed = exemptions.feed
            and hits.delivery_id = exemptions.delivery_id
            and hits.delivery_row = exemptions.delivery_row
            and hits.rule_key = exemptions.rule_key
            and exemptions.valid_from <= spans.free_from
            and spans.free_from < exemptions.valid_to
    where exemptions.rule_key is null
)

select
    spans.feed,
    spans.delivery_id,
    spans.delivery_row,
    spans.free_from,
    spans.free_to,
    held_spans.feed is null as is_free
from spans
left join held_spans
    on
        spans.feed = held_spans.feed
        and spans.delivery_id = held_spans.delivery_id
        and spans.delivery_row = held_spans.delivery_row
        and spans.free_from = held_spans.free_from
where spans.free_to is not null
