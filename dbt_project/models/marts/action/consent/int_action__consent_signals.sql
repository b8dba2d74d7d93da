{{ config(schema='action') }}
-- What else says whether somebody may be contacted, or can be (R59, CNS rules): touches, flags of records, forms, words on
-- the phone. A touch that refuses or bounces also holds for the address it came from, whoever has it.
with

signals as (
    select rules.*, day_ends.as_of_date
    from {{ ref('rul_cleansing__consent_signals') }} as rules
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on day_ends.is_current and {{ active_on('rules', 'day_ends.as_of_date') }}
),

visible_touches as (
    select touches.*
    from {{ ref('int_cleansing__visible_touches') }} as touches
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on
            day_ends.is_current
            and touches.occurred_on <= day_ends.as_of_date
            and touches.visible_from <= day_ends.as_of_date
            and day_ends.as_of_date < touches.visible_to
),

touches as (
    select
        touches.touch_key, touches.record_key, touches.delivery_id, touches.subject_key, touches.occurred_at,
        signals.signal, signals.rule_key
    from visible_touches as touches
    inner join signals
        on signals.source_kind = 'touch' and touches.channel || '.' || touches.touch_type = signals.signal
    where not touches.is_automatic or signals.effect <> 'given'
),

addresses as (
    select
        touches.touch_key,
        touches.rule_key,
        {{ normal_email('messages.email') }} as email,
        {{ normal_mobile('messages.phone') }} as mobile
    from touches
    inner join {{ ref('stg_messages__events') }} as messages
        on touches.record_key = messages.record_key and touches.delivery_id = messages.delivery_id
),

records as (
    select
        records.node_key, records.record_key, records.source_system, records.delivery_id, records.delivery_row, records.feed,
        records.email_opt_out, records.do_not_call, coalesce(records.modified_at, records.occurred_at) as stated_at
    from {{ ref('int_cleansing__current_records') }} as records
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on records.as_of_date = day_ends.as_of_date and day_ends.is_current
),

found as (
    select
        touch_key as statement_key, rule_key, subject_key as key_key, occurred_at as stated_at, signal as source_text,
        record_key as proof
    from touches
    {% for kind in ['email', 'mobile'] %}
    union
    select
        touches.touch_key, touches.rule_key, {{ identity_key(kind, 'addresses.' ~ kind) }}, touches.occurred_at, touches.signal,
        touches.record_key
    from touches
    inner join addresses on touches.touch_key = addresses.touch_key and touches.rule_key = addresses.rule_key
    {% endfor %}
    {% for flag in ['email_opt_out', 'do_not_call'] %}
    union all
    select
        '{{ flag }}|' || records.node_key, signals.rule_key, records.node_key, records.stated_at, records.source_system,
        records.record_key
    from records
    inner join signals on signals.source_kind = 'record' and signals.signal = '{{ flag }}'
    where records.{{ flag }}
    {% endfor %}
    union all
    select records.node_key, signals.rule_key, records.node_key, records.stated_at, forms.form_name, records.record_key
    from records
    inner join {{ ref('stg_web__form_submissions') }} as forms
        on records.delivery_id = forms.delivery_id and records.delivery_row = forms.delivery_row
    inner join signals on signals.source_kind = 'form' and signals.signal = 'consent_given'
    where records.feed = 'form_submissions' and forms.consent_given
    union all
    select calls.touch_key, signals.rule_key, calls.subject_key, calls.occurred_at, facts.quote, calls.record_key
    from {{ ref('int_tagging__call_facts') }} as facts
    inner join signals
        on facts.as_of_date = signals.as_of_date and signals.source_kind = 'call_fact' and facts.fact_kind = signals.signal
    inner join visible_touches as calls on facts.touch_key = calls.touch_key
)

select distinct
    signals.as_of_date,
    found.statement_key,
    found.key_key,
    signals.source_kind,
    signals.consent_channel,
    signals.purpose,
    signals.effect,
    signals.valid_days,
    signals.rule_key,
    found.stated_at,
    found.source_text,
    found.proof
from found
inner join signals on found.rule_key = signals.rule_key
where found.key_key is not null
