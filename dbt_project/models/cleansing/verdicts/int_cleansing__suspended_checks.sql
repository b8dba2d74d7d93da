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

caught_records as (
    select
        delivery_id,
        feed,
        rule_key,
        rule_id,
        count(*) as caught
    from {{ ref('int_cleansing__verdict_hits') }}
    group by delivery_id, feed, rule_key, rule_id
),

suspension as (
    select * from {{ ref('rul_cleansing__suspension') }}
)

select
    deliveries.delivery_id,
    deliveries.feed,
    caught_records.rule_key,
    caught_records.rule_id,
    deliveries.known_on,
    caught_records.caught,
    deliveries.records,
    {{ div_round('100 * caught_records.caught', 'deliveries.records') }} as share_pct,
    rules.max_share_pct
from caught_records
inner join deliveries
    on caught_records.delivery_id = deliveries.delivery_id and caught_records.feed = deliveries.feed
inner join {{ ref('rul_cleansing__verdicts') }} as rules on caught_records.rule_key = rules.rule_key
inner join suspension
    on deliveries.records >= suspension.min_records and {{ active_on('suspension', 'deliveries.known_on') }}
where 100 * caught_records.caught > rules.max_share_pct * deliveries.records
