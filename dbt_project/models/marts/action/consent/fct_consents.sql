{% set text = dbt.type_string() %}
-- Every statement that binds us towards a lead (R59): made by one of its records, or about an address that it has today.
-- A merge brings the statements of all records along; an address that refused stays refused whoever has it.
with

statements as (
    select
        as_of_date, statement_key, key_key, 'consent' as source_kind, consent_channel, purpose, effect,
        cast(null as bigint) as valid_days, cast(null as {{ text }}) as rule_key, stated_at, source_text, proof
    from {{ ref('int_action__consent_records') }}
    union all
    select
        as_of_date, statement_key, key_key, source_kind, consent_channel, purpose, effect, valid_days, rule_key, stated_at,
        source_text, proof
    from {{ ref('int_action__consent_signals') }}
),

in_force as (
    select *, {{ business_date('stated_at') }} as stated_on
    from statements
    where valid_days is null or {{ days_between(business_date('stated_at'), 'as_of_date') }} < valid_days
),

address_keys as (
    {% for kind, column in [('email', 'email'), ('mobile', 'mobile'), ('phone', 'phone')] %}
    select leads.as_of_date, leads.lead_id, {{ identity_key(kind, 'leads.' ~ column) }} as key_key
    from {{ ref('int_cleansing__leads') }} as leads
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on leads.as_of_date = day_ends.as_of_date and day_ends.is_current
    where leads.{{ column }} is not null
    {{ "union all" if not loop.last }}
    {% endfor %}
),

bound as (
    select in_force.*, owners.lead_id, 'person' as bound_by
    from in_force
    inner join {{ ref('int_cleansing__key_owners') }} as owners
        on in_force.as_of_date = owners.as_of_date and in_force.key_key = owners.key_key
    where in_force.effect <> 'unreachable'
    union all
    select in_force.*, address_keys.lead_id, 'address' as bound_by
    from in_force
    inner join address_keys
        on in_force.as_of_date = address_keys.as_of_date and in_force.key_key = address_keys.key_key
    where in_force.effect <> 'given'
),

ranked as (
    select
        bound.*,
        row_number() over (
            partition by lead_id, statement_key, consent_channel, purpose, effect
            order by bound_by desc, key_key asc, coalesce(rule_key, '') asc, coalesce(source_text, '') asc
        ) as binding_rank
    from bound
)

select
    cast(lead_id as {{ text }}) as lead_id,
    cast(as_of_date as date) as as_of_date,
    cast(statement_key as {{ text }}) as statement_key,
    cast(consent_channel as {{ text }}) as consent_channel,
    cast(purpose as {{ text }}) as purpose,
    cast(effect as {{ text }}) as effect,
    cast(stated_at as {{ dbt.type_timestamp() }}) as stated_at,
    cast(stated_on as date) as stated_on,
    cast(source_kind as {{ text }}) as source_kind,
    cast(source_text as {{ text }}) as source_text,
    cast(proof as {{ text }}) as proof,
    cast(bound_by as {{ text }}) as bound_by,
    cast(rule_key as {{ text }}) as rule_key
from ranked
where binding_rank = 1
