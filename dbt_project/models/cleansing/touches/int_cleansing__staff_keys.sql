with

rules as (
    select * from {{ ref('rul_cleansing__automatic_touches') }}
    where check_kind = 'own_staff'
),

reps as (
    select
        known_on,
        {{ normal_email('email') }} as email,
        {{ normal_phone('phone') }} as phone
    from {{ ref('stg_crm__reps') }}
    where not is_deleted
),

keys as (
    select 'crm_reps' as argument, known_on, {{ identity_key('email', 'email') }} as key_key, false as is_domain_of_a_rep
    from reps
    union all
    select 'crm_reps', known_on, {{ identity_key('mobile', 'phone') }}, false
    from reps
    where {{ is_mobile_number('phone') }}
    union all
    select 'crm_reps', known_on, {{ identity_key('email_domain', email_domain('email')) }}, true
    from reps
    union all
    select argument, valid_from, {{ identity_key('email_domain', 'argument') }}, false
    from rules
    where argument <> 'crm_reps'
)

select
    keys.key_key,
    rules.rule_key,
    rules.status,
    rules.valid_from,
    rules.valid_to,
    keys.is_domain_of_a_rep,
    min(keys.known_on) as known_on
from keys
inner join rules on keys.argument = rules.argument
where keys.key_key is not null
group by keys.key_key, rules.rule_key, rules.status, rules.valid_from, rules.valid_to, keys.is_domain_of_a_rep
