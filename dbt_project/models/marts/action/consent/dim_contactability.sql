{% set text = dbt.type_string() %}
-- May we contact this lead here and for this, and at which address (R59)? The one door for whatever sends, exports or drafts.
-- Of all statements the newest speaks, of equally new ones the strictest; a flag that a record carries today comes before all.
-- Without a yes there is no address, so whoever forgets to ask has nothing to send to.
with

leads as (
    select leads.as_of_date, leads.lead_id, leads.email, leads.mobile, coalesce(leads.mobile, leads.phone) as phone
    from {{ ref('int_cleansing__leads') }} as leads
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on leads.as_of_date = day_ends.as_of_date and day_ends.is_current
),

wechat_ids as (
    select owners.lead_id, min(owners.key_key) as wechat_id
    from {{ ref('int_cleansing__key_owners') }} as owners
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on owners.as_of_date = day_ends.as_of_date and day_ends.is_current
    where owners.key_key like 'external_userid|%' or owners.key_key like 'openid|%'
    group by owners.lead_id
),

doors as (
    select
        leads.lead_id,
        leads.as_of_date,
        policies.consent_channel,
        policies.purpose,
        policies.when_unknown,
        policies.quiet_from,
        policies.quiet_to,
        policies.rule_key as policy_rule_key,
        case policies.consent_channel
            when 'email' then leads.email
            when 'sms' then leads.mobile
            when 'call' then leads.phone
            when 'wechat' then wechat_ids.wechat_id
        end as address
    from leads
    inner join {{ ref('rul_action__contact_policies') }} as policies on {{ active_on('policies', 'leads.as_of_date') }}
    left join wechat_ids on leads.lead_id = wechat_ids.lead_id
),

statements as (
    select
        doors.lead_id, doors.consent_channel, doors.purpose, consents.effect, consents.stated_at, consents.statement_key,
        consents.source_kind, consents.source_text, consents.proof, consents.rule_key,
        row_number() over (
            partition by doors.lead_id, doors.consent_channel, doors.purpose, case when consents.effect = 'unreachable' then 1 else 0 end
            order by
                case when consents.source_kind = 'record' then 0 else 1 end asc,
                consents.stated_at desc,
                case consents.effect when 'do_not_contact' then 0 when 'withdrawn' then 1 else 2 end asc,
                consents.statement_key asc
        ) as statement_rank
    from doors
    inner join {{ ref('fct_consents') }} as consents
        on
            doors.lead_id = consents.lead_id
            and (doors.consent_channel = consents.consent_channel or consents.consent_channel = 'any')
            and (doors.purpose = consents.purpose or consents.purpose = 'any')
),

judged as (
    select
        doors.*,
        coalesce(consent.effect, 'unknown') as consent_state,
        consent.stated_at,
        consent.source_kind,
        consent.source_text,
        consent.proof,
        consent.rule_key as consent_rule_key,
        unreachable.stated_at as unreachable_since_at,
        case
            when doors.address is null then 'missing'
            when unreachable.effect is not null then 'unreachable'
            else 'ok'
        end as address_state
    from doors
    {% for alias, condition in [('consent', "<>"), ('unreachable', "=")] %}
    left join statements as {{ alias }}
        on
            doors.lead_id = {{ alias }}.lead_id
            and doors.consent_channel = {{ alias }}.consent_channel
            and doors.purpose = {{ alias }}.purpose
            and {{ alias }}.effect {{ condition }} 'unreachable'
            and {{ alias }}.statement_rank = 1
    {% endfor %}
),

answered as (
    select
        judged.*,
        case
            when consent_state in ('withdrawn', 'do_not_contact') or address_state <> 'ok' then 'no'
            when consent_state = 'given' then 'yes'
            else when_unknown
        end as may_contact
    from judged
)

select
    cast(lead_id as {{ text }}) as lead_id,
    cast(as_of_date as date) as as_of_date,
    cast(consent_channel as {{ text }}) as contact_channel,
    cast(purpose as {{ text }}) as purpose,
    cast(may_contact as {{ text }}) as may_contact,
    cast(case
        when consent_state in ('withdrawn', 'do_not_contact') then consent_state
        when address_state = 'missing' then 'no_address'
        when address_state = 'unreachable' then 'unreachable'
        when consent_state = 'given' then 'given'
        else 'unknown_consent'
    end as {{ text }}) as contact_reason,
    cast(consent_state as {{ text }}) as consent_state,
    cast(stated_at as {{ dbt.type_timestamp() }}) as stated_at,
    cast(source_kind as {{ text }}) as source_kind,
    cast(source_text as {{ text }}) as source_text,
    cast(proof as {{ text }}) as proof,
    cast(consent_rule_key as {{ text }}) as consent_rule_key,
    cast(address_state as {{ text }}) as address_state,
    cast(case when may_contact = 'yes' then address end as {{ text }}) as address,
    cast(unreachable_since_at as {{ dbt.type_timestamp() }}) as unreachable_since_at,
    cast(quiet_from as {{ text }}) as quiet_from,
    cast(quiet_to as {{ text }}) as quiet_to,
    cast(policy_rule_key as {{ text }}) as policy_rule_key
from answered
