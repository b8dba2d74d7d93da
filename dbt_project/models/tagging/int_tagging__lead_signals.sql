-- Everything about a lead that rules of need, maturity and decision stage listen to, as seen at a day-end.
-- State (a tag) has no date of its own and does not age.
with

owners as (
    select as_of_date, key_key, lead_id from {{ ref('int_cleansing__key_owners') }}
),

definitions as (
    select * from {{ ref('int_tagging__signal_definitions') }}
),

touch_signals as (
    select
        owners.as_of_date, owners.lead_id, signals.signal_key, signals.occurred_on, signals.visible_from as known_on,
        signals.source_key
    from {{ ref('int_tagging__touch_signal_days') }} as signals
    inner join owners
        on
            signals.subject_key = owners.key_key
            and signals.occurred_on <= owners.as_of_date
            and signals.visible_from <= owners.as_of_date
            and owners.as_of_date < signals.visible_to
    inner join definitions
        on signals.signal_key = definitions.signal_key and definitions.listened_from <= owners.as_of_date
),

call_facts as (
    select
        facts.as_of_date,
        owners.lead_id,
        facts.fact_kind as signal,
        cast(null as {{ dbt.type_string() }}) as qualifier,
        cast(null as bigint) as measure_value,
        facts.occurred_on,
        facts.known_on,
        facts.touch_key as source_key
    from {{ ref('int_tagging__call_facts') }} as facts
    inner join {{ ref('int_cleansing__visible_touches') }} as touches
        on
            facts.touch_key = touches.touch_key
            and touches.visible_from <= facts.as_of_date
            and facts.as_of_date < touches.visible_to
    inner join owners
        on facts.as_of_date = owners.as_of_date and touches.subject_key = owners.key_key
),

customer_events as (
    select
        owners.as_of_date, owners.lead_id, events.event_type as signal,
        cast(null as {{ dbt.type_string() }}) as qualifier,
        cast(events.score as bigint) as measure_value,
        events.occurred_on, events.known_on, events.record_key as source_key
    from {{ versions_seen(ref('stg_customers__events')) }} as events
    inner join owners
        on
            events.as_of_date = owners.as_of_date
            and coalesce(
                'crm_lead|' || events.ref_system || ':' || events.lead_ref,
                'crm_contact|' || events.ref_system || ':' || events.contact_ref
            ) = owners.key_key
),

defined_facts as (
    {% for kind, source in [
        ('call_fact', 'call_facts'), ('customer_event', 'customer_events'),
    ] %}
    select
        facts.as_of_date, facts.lead_id, definitions.signal_key, facts.occurred_on, facts.known_on, facts.source_key
    from {{ source }} as facts
    inner join definitions
        on
            definitions.signal_kind = '{{ kind }}'
            and {{ meets_definition('facts', 'definitions') }}
            and definitions.listened_from <= facts.as_of_date
    union all
    {% endfor %}
    select
        facts.as_of_date, facts.lead_id, definitions.signal_key, facts.occurred_on, facts.known_on,
        facts.record_key as source_key
    from {{ ref('int_tagging__feedback_signals') }} as facts
    inner join definitions
        on
            definitions.signal_kind = 'sales_feedback'
            and {{ meets_definition('facts', 'definitions') }}
            and definitions.listened_from <= facts.as_of_date
    union all
    select
        facts.as_of_date, facts.lead_id, definitions.signal_key, facts.stage_since_on, facts.known_on,
        facts.record_key as source_key
    from {{ ref('int_tagging__opportunity_stages') }} as facts
    inner join definitions
        on
            definitions.signal_kind = 'crm_stage'
            and facts.stage = definitions.signal
            and definitions.listened_from <= facts.as_of_date
    where facts.lead_id is not null
    union all
    select
        facts.as_of_date, facts.lead_id, definitions.signal_key, cast(null as date), cast(null as date),
        facts.rule_key as source_key
    from {{ ref('int_tagging__lead_tags') }} as facts
    inner join definitions
        on
            definitions.signal_kind = 'tag'
            and facts.tag_group = definitions.signal
            and coalesce(definitions.qualifier, facts.tag) = facts.tag
            and definitions.listened_from <= facts.as_of_date
)

select as_of_date, lead_id, signal_key, occurred_on, known_on, source_key
from touch_signals
union all
select as_of_date, lead_id, signal_key, occurred_on, known_on, source_key
from defined_facts
union all
select as_of_date, lead_id, signal_key, occurred_on, occurred_on as known_on, lead_id as source_key
from {{ ref('int_tagging__statement_signals') }}
