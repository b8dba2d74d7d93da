{#- Everything that a touch view says of an event, but its id and where it was delivered. -#}
{%- set content = [
    'feed', 'source_system', 'ref_system', 'event_type', 'event_context', 'occurred_at', 'lead_ref', 'contact_ref', 'unionid', 'corp_id',
    'external_userid', 'wechat_account_id', 'openid', 'email', 'phone', 'visitor_id', 'qualifier_source_kind',
    'qualifier_source_value', 'measure_value', 'content_ref', 'campaign_ref', 'rep_ref', 'user_agent',
] -%}
{%- set person = 'coalesce(visitor_id, openid, unionid, external_userid, lower(email), phone, lead_ref)' -%}

-- Events that came twice under different ids: which came first is judged by what was known when, so that a later delivery
-- never takes back what was published. A hash of person and instant finds the few candidates that are then compared.
with

rules as (
    select * from {{ ref('rul_cleansing__automatic_touches') }}
    where check_kind = 'same_content'
),

events as (
    {% for touch_view in touch_views() %}
    select record_key, delivery_id, delivery_row, known_at, known_on, {{ content | join(', ') }}
    from {{ ref(touch_view) }}
    where not is_deleted and feed in (select argument from rules)
    {{ "union all" if not loop.last }}
    {% endfor %}
),

hashed as (
    select events.*, {{ quick_hash("event_type || '|' || cast(occurred_at as varchar) || '|' || " ~ person) }} as candidate_hash
    from events
    where {{ person }} is not null
),

candidates as (
    select hashed.*
    from hashed
    inner join (
        select candidate_hash from hashed
        group by candidate_hash
        having count(*) > 1
    ) as repeated on hashed.candidate_hash = repeated.candidate_hash
),

compared as (
    select
        candidates.*,
        first_value(record_key) over (
            partition by {{ content | join(', ') }}
            order by known_at, delivery_id, delivery_row
        ) as first_record_key
    from candidates
)

select
    compared.feed,
    compared.delivery_id,
    compared.delivery_row,
    rules.rule_key
from compared
inner join rules
    on compared.feed = rules.argument and {{ active_on('rules', 'compared.known_on') }}
where compared.record_key <> compared.first_record_key
