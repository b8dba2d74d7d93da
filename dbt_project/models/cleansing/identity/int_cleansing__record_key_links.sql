-- What links records at a day-end: the merging keys (IDN rules) of each record's version in force that another record carries
-- too, or that an event tied to another key. The others, nine in ten, link nothing. A key is a hub when more differently
-- named people carry it than its rule allows; one person with many forms is no hub.
with

current_records as (
    select as_of_date, node_key, feed, delivery_id, delivery_row, {{ match_form('person_name') }} as person_name
    from {{ ref('int_cleansing__current_records') }}
),

record_keys as (
    select
        current_records.as_of_date,
        current_records.person_name,
        node_keys.node_key,
        node_keys.key_kind,
        node_keys.key_key
    from {{ ref('int_cleansing__node_keys') }} as node_keys
    inner join current_records
        on
            node_keys.node_key = current_records.node_key
            and node_keys.delivery_id = current_records.delivery_id
            and node_keys.delivery_row = current_records.delivery_row
),

keys_in_events as (
    {% for end in ['key_key_a', 'key_key_b'] %}
    select {{ end }} as key_key, min(known_on) as known_on from {{ ref('int_cleansing__key_links') }}
    group by {{ end }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

keys_that_link as (
    select as_of_date, key_key from record_keys
    group by as_of_date, key_key
    having count(*) > 1
    union
    select record_keys.as_of_date, record_keys.key_key
    from record_keys
    inner join keys_in_events
        on record_keys.key_key = keys_in_events.key_key and keys_in_events.known_on <= record_keys.as_of_date
),

degrees as (
    select record_keys.as_of_date, record_keys.key_key, count(distinct record_keys.person_name) as key_degree
    from record_keys
    inner join keys_that_link
        on record_keys.as_of_date = keys_that_link.as_of_date and record_keys.key_key = keys_that_link.key_key
    group by record_keys.as_of_date, record_keys.key_key
),

key_rules as (
    select * from {{ ref('rul_cleansing__identity_keys') }}
    where merges = 1
),

merging_keys as (
    select
        record_keys.as_of_date,
        record_keys.node_key,
        record_keys.key_kind,
        record_keys.key_key,
        key_rules.rule_key,
        key_rules.hub_limit,
        degrees.key_degree
    from record_keys
    inner join degrees
        on record_keys.as_of_date = degrees.as_of_date and record_keys.key_key = degrees.key_key
    inner join key_rules
        on
            record_keys.key_kind = key_rules.key_kind
            and {{ active_on('key_rules', 'record_keys.as_of_date') }}
)

select
    as_of_date,
    node_key,
    key_kind,
    key_key,
    rule_key,
    key_degree,
    {{ hash64('node_key') }} as node_id,
    {{ hash64('key_key') }} as key_id,
    coalesce(key_degree > hub_limit, false) as is_hub
from merging_keys
