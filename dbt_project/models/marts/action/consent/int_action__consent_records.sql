{{ config(schema='action') }}
-- The feed of consents by every key that a row names (R59). A consent is given by the person whom the row names best, what
-- refuses holds for all its keys. A consent without a purpose is none; a refusal without one is meant for all of them.
with

consents as (
    select
        consents.*,
        {{ subject_key('consents.known_on') }} as subject_key
    from (
        select versions.*, cast(null as varchar) as node_key, cast(null as varchar) as contact_ref
        from {{ versions_seen(ref('stg_consent__consents')) }} as versions
        inner join {{ ref('int_cleansing__day_ends') }} as day_ends
            on versions.as_of_date = day_ends.as_of_date and day_ends.is_current
    ) as consents
    left join (select distinct as_of_date, feed, delivery_id, delivery_row from {{ ref('int_cleansing__holds') }}) as holds
        on
            consents.as_of_date = holds.as_of_date
            and consents.feed = holds.feed
            and consents.delivery_id = holds.delivery_id
            and consents.delivery_row = holds.delivery_row
    where holds.feed is null
),

-- A number that is no mobile is no key of a person, yet whoever answers it must not be called.
keys as (
    {% for key in touch_keys().values() | list + [identity_key('phone', normal_phone('phone'))] %}
    select record_key, {{ key }} as key_key
    from consents
    {{ "union" if not loop.last }}
    {% endfor %}
)

select
    consents.as_of_date,
    'consents|' || consents.record_key as statement_key,
    keys.key_key,
    lower(consents.consent_channel) as consent_channel,
    coalesce(lower(consents.purpose), 'any') as purpose,
    consents.consent_status as effect,
    consents.occurred_at as stated_at,
    consents.source as source_text,
    consents.proof
from consents
inner join keys on consents.record_key = keys.record_key and keys.key_key is not null
where
    consents.consent_status in ('withdrawn', 'do_not_contact')
    or (consents.consent_status = 'given' and consents.purpose is not null and keys.key_key = consents.subject_key)
