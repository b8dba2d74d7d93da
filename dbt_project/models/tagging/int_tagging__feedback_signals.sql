-- What sales judged of a lead, at a day-end: of each question (outcome, clarity, urgency, reason) only the newest answer. A
-- reason for a return stands until a newer outcome is none.
with

feedback as (
    select * from {{ versions_seen(ref('stg_sales__feedback')) }} as feedback -- noqa: AL05
),

answers as (
    {% for question in ['outcome', 'intent_clarity', 'urgency', 'reject_reason'] %}
    select
        as_of_date, record_key, ref_system, lead_ref, '{{ question }}' as signal, {{ question }} as qualifier,
        given_at, occurred_on, known_on, known_at, rep_ref
    from feedback
    where {{ question }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

of_leads as (
    select
        owners.lead_id,
        answers.*,
        row_number() over (
            partition by owners.as_of_date, owners.lead_id, answers.signal
            order by answers.given_at desc, answers.known_at desc, answers.record_key desc
        ) as answer_rank
    from answers
    inner join {{ ref('int_cleansing__key_owners') }} as owners
        on
            answers.as_of_date = owners.as_of_date
            and 'crm_lead|' || answers.ref_system || ':' || answers.lead_ref = owners.key_key
),

newest as (
    select
        of_leads.*,
        max(case when signal = 'outcome' and qualifier <> 'rejected' then given_at end)
            over (partition by as_of_date, lead_id) as taken_at
    from of_leads
    where answer_rank = 1
)

select
    as_of_date, lead_id, signal, qualifier, cast(null as bigint) as measure_value, given_at, occurred_on, known_on,
    rep_ref, record_key
from newest
where signal <> 'reject_reason' or taken_at is null or given_at > taken_at
