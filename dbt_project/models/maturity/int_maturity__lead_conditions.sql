-- The closed vocabulary of life-cycle conditions (R57), as facts of a lead at a day-end: a word, a number or an age in days.
with

leads as (
    select * from {{ ref('int_cleansing__leads') }}
),

scores as (
    select * from {{ ref('int_scoring__lead_scores') }}
),

owners as (
    select as_of_date, key_key, lead_id from {{ ref('int_cleansing__key_owners') }}
),

required_fields as (
    select
        as_of_date, lead_id, required_for,
        {{ div_round('sum(case when is_known then weight else 0 end) * 100', 'sum(weight)') }} as known_pct
    from {{ ref('int_maturity__field_knowledge') }}
    where required_for is not null
    group by as_of_date, lead_id, required_for
),

operations as (
    select
        owners.as_of_date, owners.lead_id, operations.operation,
        {{ days_between('operations.occurred_on', 'owners.as_of_date') }} as age_days,
        row_number() over (
            partition by owners.as_of_date, owners.lead_id, case when operations.operation = 'hand_over' then 0 else 1 end
            order by operations.operated_at desc, operations.record_key desc
        ) as operation_rank
    from {{ versions_seen(ref('stg_operations__lead_operations')) }} as operations
    inner join owners
        on
            operations.as_of_date = owners.as_of_date
            and 'crm_lead|' || operations.ref_system || ':' || operations.lead_ref = owners.key_key
    where
        operations.operation in ('hand_over', 'accept', 'recycle', 'suppress')
        and (
            operations.valid_until_at is null
            or {{ business_date('operations.valid_until_at') }} > owners.as_of_date
        )
),

touches as (
    select
        owners.as_of_date, owners.lead_id, touches.channel || '.' || touches.touch_type as touch,
        min({{ days_between('touches.occurred_on', 'owners.as_of_date') }}) as age_days
    from {{ ref('int_cleansing__visible_touches') }} as touches
    inner join owners
        on
            touches.subject_key = owners.key_key
            and touches.occurred_on <= owners.as_of_date
            and touches.visible_from <= owners.as_of_date
            and owners.as_of_date < touches.visible_to
    where touches.channel in ('call', 'meeting')
    group by 1, 2, 3
),

forms as (
    select
        as_of_date, lead_id, signal_key,
        min({{ days_between('occurred_on', 'as_of_date') }}) as age_days
    from {{ ref('int_tagging__lead_signals') }}
    where signal_key like 'touch|form.form_submit|%'
    group by as_of_date, lead_id, signal_key
)

select as_of_date, lead_id, 'record_accepted' as condition, cast(null as {{ dbt.type_string() }}) as word,
    cast(null as bigint) as amount, cast(null as bigint) as age_days
from leads
union all
select as_of_date, lead_id, 'has_name_or_company', null, null, null
from leads
where person_name is not null or company_name is not null
union all
select distinct as_of_date, lead_id, 'is_reachable', null, null, null
from {{ ref('int_maturity__field_knowledge') }}
where is_known and field in ('mobile_or_wecom', 'email')
union all
select as_of_date, lead_id, 'is_reachable', null, null, null
from leads
where phone is not null
union all
select as_of_date, lead_id, 'is_excluded', tag, null, null
from {{ ref('int_tagging__lead_tags') }}
where tag_group = 'exclusion'
union all
select as_of_date, lead_id, 'engagement_points_at_least', null, {{ floor_div('engagement_points_milli', 1000) }}, null
from scores
union all
select as_of_date, lead_id, 'fit_pct_at_least', null, {{ floor_div('fit_milli', 1000) }}, null
from scores
union all
select as_of_date, lead_id, 'required_fields_pct_at_least', required_for, known_pct, null from required_fields
union all
select as_of_date, lead_id, 'score_band_in', band, null, null from scores
union all
select as_of_date, lead_id, 'bant_band_in', bant_band, null, null from scores
union all
select as_of_date, lead_id, 'maturity_level_in', maturity_level, null, null
from {{ ref('int_maturity__lead_maturity') }}
union all
select as_of_date, lead_id, 'feedback_outcome_in', qualifier, null, {{ days_between('occurred_on', 'as_of_date') }}
from {{ ref('int_tagging__feedback_signals') }}
where signal = 'outcome'
union all
select as_of_date, lead_id, 'reject_reason_in', qualifier, null, {{ days_between('occurred_on', 'as_of_date') }}
from {{ ref('int_tagging__feedback_signals') }}
where signal = 'reject_reason'
union all
select as_of_date, lead_id, 'operation_in', operation, null, age_days from operations
where operation_rank = 1 and operation <> 'hand_over'
union all
select as_of_date, lead_id, 'touch_in', touch, null, age_days from touches
union all
select as_of_date, lead_id, 'form_purpose_in', split_part(signal_key, '|', 3), null, age_days from forms
union all
select distinct as_of_date, lead_id, 'opportunity_stage_in', stage, cast(null as bigint), {{ days_between('stage_since_on', 'as_of_date') }}
from {{ ref('int_tagging__opportunity_stages') }}
where lead_id is not null
union all
select distinct as_of_date, lead_id, 'customer_event_in', split_part(signal_key, '|', 2), cast(null as bigint),
    {{ days_between('occurred_on', 'as_of_date') }}
from {{ ref('int_tagging__lead_signals') }}
where signal_key like 'customer_event|%'
