-- What sales judged of a lead, at a day-end: of each question (outcome, clarity, urgency, reason) only the newest answer.
with

answers as (
    select record_key, ref_system, lead_ref, 'outcome' as signal, outcome as qualifier, given_at, occurred_on, known_on, known_at, rep_ref
    from {{ ref('stg_sales__feedback') }}
    where outcome is not null and not is_deleted
    union all
    select record_key, ref_system, lead_ref, 'intent_clarity', intent_clarity, given_at, occurred_on, known_on, known_at, rep_ref
    from {{ ref('stg_sales__feedback') }}
    where intent_clarity is not null and not is_deleted
    union all
    select record_key, ref_system, lead_ref, 'urgency', urgency, given_at, occurred_on, known_on, known_at, rep_ref
    from {{ ref('stg_sales__feedback') }}
    where urgency is not null and not is_deleted
    union all
    select record_key, ref_system, lead_ref, 'reject_reason', reject_reason, given_at, occurred_on, known_on, known_at, rep_ref
    from {{ ref('stg_sales__feedback') }}
    where reject_reason is not null and not is_deleted
),

of_leads as (
    select
        owners.as_of_date,
        owners.lead_id,
        answers.*,
        row_number() over (
            partition by owners.as_of_date, owners.lead_id, answers.signal
            order by answers.given_at desc, answers.known_at desc, answers.record_key desc
        ) as answer_rank
    from answers
    inner join {{ ref('int_cleansing__key_owners') }} as owners
        on
            'crm_lead|' || answers.ref_system || ':' || answers.lead_ref = owners.key_key
            and answers.occurred_on <= owners.as_of_date
            and answers.known_on <= owners.as_of_date
)

select
    as_of_date, lead_id, signal, qualifier, cast(null as bigint) as measure_value, given_at, occurred_on, known_on,
    rep_ref, record_key
from of_leads
where answer_rank = 1
