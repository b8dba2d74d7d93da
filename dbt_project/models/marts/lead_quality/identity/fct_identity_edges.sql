-- Why records are one lead, and names one account, at the current day-end, or why they are not although something speaks for
-- it. Records that share a key are paired with the one among them that was known first, so a key of n records gives n - 1 rows.
with

day_ends as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

owners as (
    select members.node_key, members.lead_id as owner_id, members.first_known_at
    from {{ ref('int_cleansing__lead_members') }} as members
    inner join day_ends on members.as_of_date = day_ends.as_of_date
    union all
    select names.node_key, {{ account_id_of('members.account_key') }}, names.first_known_at
    from {{ ref('int_cleansing__company_names') }} as names
    inner join {{ ref('int_cleansing__account_members') }} as members
        on names.as_of_date = members.as_of_date and names.company_key = members.company_key
    inner join day_ends on names.as_of_date = day_ends.as_of_date
),

first_known_keys as (
    select node_key, key_key, min(known_on) as known_on
    from {{ ref('int_cleansing__node_keys') }}
    group by node_key, key_key
),

carriers as (
    select
        links.key_key, links.key_kind, links.node_key, links.rule_key, known.known_on,
        row_number() over (partition by links.key_key order by owners.first_known_at, links.node_key) as carrier_rank
    from {{ ref('int_cleansing__record_key_links') }} as links
    inner join day_ends on links.as_of_date = day_ends.as_of_date
    inner join owners on links.node_key = owners.node_key
    inner join first_known_keys as known on links.node_key = known.node_key and links.key_key = known.key_key
    left join {{ ref('int_cleansing__hub_keys') }} as hubs
        on links.as_of_date = hubs.as_of_date and links.key_key = hubs.key_key
    where hubs.key_key is null
),

first_carriers as (
    select * from carriers
    where carrier_rank = 1
),

by_key as (
    select
        'person' as subject, 'key' as edge_kind, firsts.node_key as node_a, others.node_key as node_b, others.rule_key,
        cast(null as bigint) as points, cast(null as bigint) as threshold,
        {{ json_of({
            'attribute': 'others.key_kind', 'a': published_key('others.key_key'), 'b': published_key('others.key_key'),
        }) }} as evidence,
        greatest(firsts.known_on, others.known_on) as known_on
    from first_carriers as firsts
    inner join carriers as others on firsts.key_key = others.key_key and others.carrier_rank > 1
),

key_rules as (
    select rules.* from {{ ref('rul_cleansing__identity_keys') }} as rules
    inner join day_ends on {{ active_on('rules', 'day_ends.as_of_date') }}
    where rules.merges = 1
),

-- Two keys in one event, such as an openid that a form with a mail address came from.
by_event as (
    select
        'person' as subject, 'event' as edge_kind,
        coalesce(carrier_a.node_key, links.key_key_a) as node_a, coalesce(carrier_b.node_key, links.key_key_b) as node_b,
        kind_a.rule_key, cast(null as bigint) as points, cast(null as bigint) as threshold,
        {{ json_of({
            'attribute': 'links.key_kind_a', 'a': published_key('links.key_key_a'), 'b': published_key('links.key_key_b'),
        }) }} as evidence,
        links.known_on
    from {{ ref('int_cleansing__key_links') }} as links
    inner join day_ends on links.known_on <= day_ends.as_of_date
    inner join key_rules as kind_a on links.key_kind_a = kind_a.key_kind
    inner join key_rules as kind_b on links.key_kind_b = kind_b.key_kind
    left join {{ ref('int_cleansing__hub_keys') }} as hub_a
        on day_ends.as_of_date = hub_a.as_of_date and links.key_key_a = hub_a.key_key
    left join {{ ref('int_cleansing__hub_keys') }} as hub_b
        on day_ends.as_of_date = hub_b.as_of_date and links.key_key_b = hub_b.key_key
    left join first_carriers as carrier_a on links.key_key_a = carrier_a.key_key
    left join first_carriers as carrier_b on links.key_key_b = carrier_b.key_key
    where
        hub_a.key_key is null and hub_b.key_key is null
        and coalesce(carrier_a.node_key, links.key_key_a) <> coalesce(carrier_b.node_key, links.key_key_b)
),

deciding_rules as (
    select rules.* from {{ ref('rul_cleansing__identity_comparisons') }} as rules
    inner join day_ends on {{ active_on('rules', 'day_ends.as_of_date') }}
    where rules.attribute = 'total'
),

by_likeness as (
    select
        links.subject, 'likeness' as edge_kind, links.node_key_a as node_a, links.node_key_b as node_b, rules.rule_key,
        links.points, links.link_from as threshold, links.evidence, links.known_on
    from {{ ref('int_cleansing__match_links') }} as links
    inner join day_ends on links.as_of_date = day_ends.as_of_date
    left join deciding_rules as rules on links.subject = rules.subject and rules.comparator = 'link_from'
),

by_contradiction as (
    select
        conflicts.subject, 'contradiction' as edge_kind, conflicts.node_key_a as node_a, conflicts.node_key_b as node_b,
        rules.rule_key, conflicts.points, rules.points as threshold, conflicts.evidence, conflicts.known_on
    from {{ ref('int_cleansing__match_conflicts') }} as conflicts
    inner join day_ends on conflicts.as_of_date = day_ends.as_of_date
    left join deciding_rules as rules on conflicts.subject = rules.subject and rules.comparator = 'apart_until'
    where conflicts.exception_key is null
),

by_exception as (
    select
        case when exceptions.node_key_a like 'company|%' then 'account' else 'person' end as subject,
        exceptions.decision as edge_kind, exceptions.node_key_a as node_a, exceptions.node_key_b as node_b, exceptions.rule_key,
        cast(null as bigint) as points, cast(null as bigint) as threshold,
        {{ json_of({'comment': 'exceptions.comment'}) }} as evidence, exceptions.valid_from as known_on
    from {{ ref('int_cleansing__linked_by_exception') }} as exceptions
    inner join day_ends on exceptions.as_of_date = day_ends.as_of_date
),

edges as (
    select * from by_key
    union all
    select * from by_event
    union all
    select * from by_likeness
    union all
    select * from by_contradiction
    union all
    select * from by_exception
)

select
    cast(day_ends.as_of_date as date) as as_of_date,
    cast(edges.subject as varchar) as subject,
    cast(edges.edge_kind as varchar) as edge_kind,
    cast({{ published_key('edges.node_a') }} as varchar) as node_a,
    cast({{ published_key('edges.node_b') }} as varchar) as node_b,
    cast(owner_a.owner_id as varchar) as owner_a,
    cast(owner_b.owner_id as varchar) as owner_b,
    cast(case when owner_a.owner_id <> owner_b.owner_id then 'kept_apart' else 'linked' end as varchar) as decision,
    cast(edges.rule_key as varchar) as rule_key,
    cast(edges.points as bigint) as points,
    cast(edges.threshold as bigint) as threshold,
    cast({{ without_contacts('edges.evidence') }} as varchar) as evidence,
    cast(edges.known_on as date) as known_on
from edges
cross join day_ends
left join owners as owner_a on edges.node_a = owner_a.node_key
left join owners as owner_b on edges.node_b = owner_b.node_key
