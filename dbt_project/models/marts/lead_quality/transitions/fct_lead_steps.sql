{%- set text = dbt.type_string() -%}
-- What became of a lead between marketing and sales (R50), as people and their systems stated it: no status of ours, so that
-- every step has the day on which it happened, also before the first day-end of the record.
with

current_day as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

owners as (
    select owners.as_of_date, owners.key_key, owners.lead_id
    from {{ ref('int_cleansing__key_owners') }} as owners
    inner join current_day on owners.as_of_date = current_day.as_of_date
),

reasons as (
    select code from {{ ref('rul_vocabulary__terms') }}
    where vocabulary = 'reject_reason'
),

statements as (
    select
        as_of_date, ref_system, lead_ref, feed, record_key, given_at as stated_at, occurred_on as stated_on, rep_ref, reject_reason,
        case outcome when 'rejected' then 'returned' else outcome end as step
    from {{ versions_seen(ref('stg_sales__feedback')) }} as feedback -- noqa: AL05
    where outcome in ('accepted', 'qualified', 'rejected')
    union all
    select
        as_of_date, ref_system, lead_ref, feed, record_key, operated_at, occurred_on,
        case operation when 'hand_over' then argument else operated_by end, null,
        case operation when 'accept' then 'accepted' when 'recycle' then 'returned' else operation end
    from {{ versions_seen(ref('stg_operations__lead_operations')) }} as operations -- noqa: AL05
    where operation in ('hand_over', 'accept', 'recycle')
),

deals as (
    select deals.*, coalesce({{ business_date('deals.created_at') }}, deals.stage_since_on) as opened_on
    from {{ ref('int_tagging__opportunity_stages') }} as deals
    inner join current_day on deals.as_of_date = current_day.as_of_date
    where deals.lead_id is not null
),

orders as (
    select signals.lead_id, signals.occurred_on, split_part(signals.signal_key, '|', 2) as event_type
    from {{ ref('int_tagging__lead_signals') }} as signals
    inner join current_day on signals.as_of_date = current_day.as_of_date
    where signals.signal_key like 'customer_event|order|%' or signals.signal_key like 'customer_event|renewal|%'
),

steps as (
    select
        owners.lead_id, statements.step, statements.stated_on, statements.stated_at, statements.feed, statements.record_key,
        statements.rep_ref, cast(null as bigint) as amount_fen,
        case
            when statements.reject_reason is null then null
            when reasons.code is null then 'other'
            else reasons.code
        end as reason
    from statements
    inner join owners
        on
            statements.as_of_date = owners.as_of_date
            and 'crm_lead|' || statements.ref_system || ':' || statements.lead_ref = owners.key_key
    left join reasons on statements.step = 'returned' and statements.reject_reason = reasons.code
    union all
    select
        lead_id, 'opportunity', opened_on, cast(null as {{ dbt.type_timestamp() }}), 'crm_opportunities', record_key,
        owner_ref, cast(round(amount_wan * 1000000) as bigint), null
    from deals
    union all
    select
        lead_id, stage, stage_since_on, cast(null as {{ dbt.type_timestamp() }}), 'crm_opportunities', record_key,
        owner_ref, cast(round(amount_wan * 1000000) as bigint), null
    from deals
    where stage in ('won', 'lost')
    union all
    select
        lead_id, 'won', min(occurred_on), cast(null as {{ dbt.type_timestamp() }}), 'customer_events', min(event_type),
        null, null, null
    from orders
    group by lead_id
)

select
    cast(step || '|' || feed || '|' || record_key || '|' || lead_id as {{ text }}) as step_key,
    cast(steps.lead_id as {{ text }}) as lead_id,
    cast(current_day.as_of_date as date) as as_of_date,
    cast(case steps.step when 'hand_over' then 'handed_over' else steps.step end as {{ text }}) as step,
    cast(steps.stated_on as date) as stated_on,
    cast(steps.stated_at as {{ dbt.type_timestamp() }}) as stated_at,
    cast(steps.rep_ref as {{ text }}) as rep_ref,
    cast(steps.reason as {{ text }}) as reason,
    cast(steps.amount_fen as bigint) as amount_fen,
    cast(steps.feed as {{ text }}) as feed,
    cast(steps.record_key as {{ text }}) as record_key
from steps
cross join current_day
