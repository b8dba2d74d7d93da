-- The share is taken on the first day on which a check looks at the delivery, and on each day on which the list behind it
-- catches more of it: rows that are appended later suspend nothing on earlier days.
with

deliveries as (
    select
        delivery_id,
        feed,
        max(records) as records,
        min(known_on) as known_on
    from {{ ref('stg_lake__receipts') }}
    where status = 'loaded'
    group by delivery_id, feed
),

hits as (
    select delivery_id, feed, rule_key, rule_id, stands_from, stands_to
    from {{ ref('int_cleansing__verdict_hits') }}
),

looks as (
    select distinct delivery_id, feed, rule_key, stands_from as looked_on
    from hits
),

caught_records as (
    select
        hits.delivery_id,
        hits.feed,
        hits.rule_key,
        hits.rule_id,
        looks.looked_on,
        count(*) as caught
    from hits
    inner join looks
        on
            hits.delivery_id = looks.delivery_id
            and hits.feed = looks.feed
            and hits.rule_key = looks.rule_key
            and hits.stands_from <= looks.looked_on
            and looks.looked_on < hits.stands_to
    group by hits.delivery_id, hits.feed, hits.rule_key, hits.rule_id, looks.looked_on
),

suspension as (
    select * from {{ ref('rul_cleansing__suspension') }}
),

too_many as (
    select
        deliveries.delivery_id,
        deliveries.feed,
        caught_records.rule_key,
        caught_records.rule_id,
        deliveries.known_on,
        caught_records.looked_on as suspended_from,
        caught_records.caught,
        deliveries.records,
        {{ div_round('100 * caught_records.caught', 'deliveries.records') }} as share_pct,
        rules.max_share_pct,
        row_number() over (
            partition by deliveries.delivery_id, deliveries.feed, caught_records.rule_key
            order by caught_records.looked_on
        ) as look_rank
    from caught_records
    inner join deliveries
        on caught_records.delivery_id = deliveries.delivery_id and caught_records.feed = deliveries.feed
    inner join {{ ref('rul_cleansing__verdicts') }} as rules on caught_records.rule_key = rules.rule_key
    inner join suspension
        on deliveries.records >= suspension.min_records and {{ active_on('suspension', 'deliveries.known_on') }}
    where 100 * caught_records.caught > rules.max_share_pct * deliveries.records
)

select delivery_id, feed, rule_key, rule_id, known_on, suspended_from, caught, records, share_pct, max_share_pct
from too_many
where look_rank = 1
