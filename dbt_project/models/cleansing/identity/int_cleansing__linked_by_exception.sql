-- Pairs of records (of company names) that an exception forbids or forces to be one lead (account) at a day-end, where both
-- are there. The rank tells which was known first.
with

nodes as (
    select as_of_date, node_key, first_known_at from {{ ref('int_cleansing__current_records') }}
    union all
    select as_of_date, node_key, first_known_at from {{ ref('int_cleansing__company_names') }}
),

exceptions as (
    select * from {{ ref('rul_identity_links') }}
),

pairs as (
    select
        records.as_of_date,
        exceptions.rule_key,
        exceptions.valid_from,
        exceptions.decision,
        exceptions.comment,
        records.node_key as node_key_a,
        others.node_key as node_key_b,
        records.first_known_at as known_at_a,
        others.first_known_at as known_at_b
    from exceptions
    inner join nodes as records
        on exceptions.record_a = records.node_key and {{ active_on('exceptions', 'records.as_of_date') }}
    inner join nodes as others
        on exceptions.record_b = others.node_key and records.as_of_date = others.as_of_date
    where exceptions.record_a <> exceptions.record_b
),

named_records as (
    select as_of_date, node_key_a as node_key, known_at_a as known_at from pairs
    union
    select as_of_date, node_key_b, known_at_b from pairs
),

ranked_records as (
    select as_of_date, node_key, row_number() over (partition by as_of_date order by known_at, node_key) as node_rank
    from named_records
)

select
    pairs.as_of_date,
    pairs.decision,
    pairs.rule_key,
    pairs.valid_from,
    pairs.comment,
    pairs.node_key_a,
    pairs.node_key_b,
    {{ hash64('pairs.node_key_a') }} as node_a,
    {{ hash64('pairs.node_key_b') }} as node_b,
    rank_a.node_rank as rank_a,
    rank_b.node_rank as rank_b
from pairs
inner join ranked_records as rank_a on pairs.as_of_date = rank_a.as_of_date and pairs.node_key_a = rank_a.node_key
inner join ranked_records as rank_b on pairs.as_of_date = rank_b.as_of_date and pairs.node_key_b = rank_b.node_key
