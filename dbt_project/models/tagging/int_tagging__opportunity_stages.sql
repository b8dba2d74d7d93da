-- The stage of each opportunity at a day-end and the lead that it belongs to.
with

versions as (
    select
        day_ends.as_of_date,
        opportunities.*,
        row_number() over (
            partition by day_ends.as_of_date, opportunities.record_key
            order by opportunities.known_at desc, opportunities.delivery_id desc, opportunities.delivery_row desc
        ) as version_rank
    from {{ ref('stg_crm__opportunities') }} as opportunities
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on opportunities.known_on <= day_ends.as_of_date and opportunities.occurred_on <= day_ends.as_of_date
),

current_versions as (
    select * from versions
    where version_rank = 1 and not is_deleted
),

owners as (
    select as_of_date, key_key, lead_id from {{ ref('int_cleansing__key_owners') }}
)

select
    opportunities.as_of_date,
    coalesce(by_lead.lead_id, by_contact.lead_id) as lead_id,
    opportunities.record_key,
    opportunities.stage,
    opportunities.amount_wan,
    opportunities.owner_ref,
    opportunities.created_at,
    opportunities.closed_at,
    {{ business_date(
        'coalesce(opportunities.stage_changed_at, opportunities.closed_at, opportunities.created_at, opportunities.known_at)'
    ) }} as stage_since_on,
    opportunities.known_on
from current_versions as opportunities
left join owners as by_lead
    on
        opportunities.as_of_date = by_lead.as_of_date
        and 'crm_lead|' || opportunities.ref_system || ':' || opportunities.lead_ref = by_lead.key_key
left join owners as by_contact
    on
        opportunities.as_of_date = by_contact.as_of_date
        and 'crm_contact|' || opportunities.ref_system || ':' || opportunities.contact_ref = by_contact.key_key
