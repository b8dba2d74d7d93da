{{ config(schema='action') }}
{%- set text, instant = dbt.type_string(), dbt.type_timestamp() -%}
-- Whatever a policy or a row of clock events may speak of, as each day-end knows it.
with

owners as (
    select as_of_date, key_key, lead_id from {{ ref('int_cleansing__key_owners') }}
),

starting_touches as (
    select distinct starts_channel, starts_touch_type
    from {{ ref('rul_sla__policies') }}
    where starts_on = 'touch'
),

starting_states as (
    select distinct starts_on, starts_qualifier
    from {{ ref('rul_sla__policies') }}
    where starts_on not in ('touch', 'our_contact', 'operation')
),

agreed_steps as (
    select feed, delivery_id, delivery_row, next_step_at
    from {{ ref('stg_sales__activities') }}
    where next_step_at is not null
),

touches as (
    select
        owners.as_of_date, owners.lead_id, touches.touch_key, touches.occurred_at, touches.occurred_on, touches.channel,
        touches.touch_type, touches.rep_ref, touches.is_response, agreed_steps.next_step_at,
        starting_touches.starts_channel is not null as is_start
    from {{ ref('int_cleansing__visible_touches') }} as touches
    left join starting_touches
        on touches.channel = starting_touches.starts_channel and touches.touch_type = starting_touches.starts_touch_type
    left join agreed_steps
        on
            touches.feed = agreed_steps.feed
            and touches.delivery_id = agreed_steps.delivery_id
            and touches.delivery_row = agreed_steps.delivery_row
    inner join owners
        on
            touches.subject_key = owners.key_key
            and touches.occurred_on <= owners.as_of_date
            and touches.visible_from <= owners.as_of_date
            and owners.as_of_date < touches.visible_to
    where
        not touches.is_automatic
        and (touches.is_response or starting_touches.starts_channel is not null or agreed_steps.next_step_at is not null)
),

qualifiers as (
    select touches.as_of_date, touches.touch_key, min(qualifiers.qualifier) as qualifier
    from touches
    inner join {{ ref('int_tagging__touch_qualifiers') }} as qualifiers
        on
            touches.touch_key = qualifiers.touch_key
            and qualifiers.valid_from <= touches.as_of_date
            and touches.as_of_date < qualifiers.valid_to
    where touches.is_start
    group by touches.as_of_date, touches.touch_key
),

operations as (
    select operations.*, owners.lead_id
    from {{ versions_seen(ref('stg_operations__lead_operations')) }} as operations
    inner join owners
        on
            operations.as_of_date = owners.as_of_date
            and 'crm_lead|' || operations.ref_system || ':' || operations.lead_ref = owners.key_key
),

feedback as (
    select feedback.*, owners.lead_id
    from {{ versions_seen(ref('stg_sales__feedback')) }} as feedback
    inner join owners
        on
            feedback.as_of_date = owners.as_of_date
            and 'crm_lead|' || feedback.ref_system || ':' || feedback.lead_ref = owners.key_key
)

select
    touches.as_of_date, touches.lead_id, 'touch' as event_kind, touches.touch_key as event_key, touches.occurred_at,
    touches.occurred_on, cast(null as {{ instant }}) as ends_at, cast(null as {{ instant }}) as left_at, touches.channel,
    touches.touch_type, qualifiers.qualifier as argument, touches.rep_ref, cast(null as {{ text }}) as to_rep_ref,
    true as may_start
from touches
left join qualifiers on touches.as_of_date = qualifiers.as_of_date and touches.touch_key = qualifiers.touch_key
where touches.is_start
union all
select
    as_of_date, lead_id, 'our_contact', touch_key, occurred_at, occurred_on, null, null, channel, touch_type, null, rep_ref, null,
    -- Contacts of one day are one contact: the last of them starts the clock.
    row_number() over (partition by as_of_date, lead_id, occurred_on order by occurred_at desc, touch_key desc) = 1
from touches
where is_response
union all
select
    as_of_date, lead_id, 'agreed_next_step', touch_key, occurred_at, occurred_on, next_step_at, null, channel, touch_type, null,
    rep_ref, null, false
from touches
where next_step_at is not null
union all
select
    as_of_date, lead_id, 'operation', record_key, operated_at, occurred_on, valid_until_at, null, null, null, operation,
    operated_by, argument, true
from operations
union all
select as_of_date, lead_id, 'feedback', record_key, given_at, occurred_on, null, null, null, null, outcome, rep_ref, null, false
from feedback
where outcome is not null
union all
-- Stages of deals, levels and stages of leads hold from the end of the day on which they are entered.
select
    as_of_date, lead_id, 'opportunity', record_key, {{ day_end_at('stage_since_on') }}, stage_since_on, null, null, null, null,
    stage, owner_ref, null, false
from {{ ref('int_tagging__opportunity_stages') }}
where lead_id is not null and stage_since_on <= as_of_date
union all
select
    paths.as_of_date, paths.lead_id, paths.state_kind,
    paths.lead_id || '|' || paths.state || '|' || cast(paths.entered_on as {{ text }}), {{ day_end_at('paths.entered_on') }},
    paths.entered_on, null, case when paths.left_on <= paths.as_of_date then {{ day_end_at('paths.left_on') }} end, null, null,
    paths.state, null, null, true
from {{ ref('int_maturity__state_path') }} as paths
inner join starting_states
    on paths.state_kind = starting_states.starts_on and paths.state = starting_states.starts_qualifier
