{% set text = dbt.type_string() %}
-- Which channel and which collector brings what (R05), field by field: known, filled in for it, to be asked next.
with

fields as (
    select
        leads.as_of_date, leads.source_channel, leads.collector_system, leads.collector_feed, fields.field, fields.weight,
        fields.is_known, fields.value_from, fields.ask_rank
    from {{ ref('fct_lead_fields') }} as fields
    inner join {{ ref('fct_lead_completeness') }} as leads on fields.lead_id = leads.lead_id
),

counted as (
    select
        as_of_date, source_channel, collector_system, collector_feed, field,
        max(weight) as weight,
        count(*) as leads,
        sum(case when is_known then 1 else 0 end) as known,
        sum(case when value_from = 'registry' then 1 else 0 end) as filled_by_registry,
        sum(case when value_from = 'account' then 1 else 0 end) as filled_by_account,
        sum(case when ask_rank = 1 then 1 else 0 end) as asked_next
    from fields
    group by as_of_date, source_channel, collector_system, collector_feed, field
)

select
    cast(as_of_date as date) as as_of_date,
    cast(source_channel as {{ text }}) as source_channel,
    cast(collector_system as {{ text }}) as collector_system,
    cast(collector_feed as {{ text }}) as collector_feed,
    cast(field as {{ text }}) as field,
    cast(weight as bigint) as weight,
    cast(leads as bigint) as leads,
    cast(known as bigint) as known,
    cast({{ div_round('known * 100000', 'leads') }} as bigint) as known_milli,
    cast(filled_by_registry as bigint) as filled_by_registry,
    cast(filled_by_account as bigint) as filled_by_account,
    cast(asked_next as bigint) as asked_next,
    cast({{ div_round(
        'sum(known * weight) over (partition by source_channel, collector_system, collector_feed) * 100000',
        'sum(leads * weight) over (partition by source_channel, collector_system, collector_feed)'
    ) }} as bigint) as completeness_milli
from counted
