{% set text = dbt.type_string() %}
-- How complete a lead is (R05), in the weights of the intake standard, beside who delivered it and what to ask next.
with

collectors as (
    select members.as_of_date, members.lead_id, members.source_system, members.feed
    from {{ ref('int_cleansing__lead_members') }} as members
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on members.as_of_date = day_ends.as_of_date and day_ends.is_current
    where members.names_the_lead
),

sums as (
    select
        as_of_date,
        lead_id,
        {{ div_round('sum(case when is_known then weight else 0 end) * 100000', 'sum(weight)') }} as completeness_milli,
        sum(case when is_known then 1 else 0 end) as known_fields,
        sum(case when is_known then 0 else 1 end) as missing_fields,
        sum(case when value_from in ('registry', 'account') then 1 else 0 end) as filled_fields,
        {{ sorted_text_list("case when not is_known and required_for is not null then field end", "'|'") }} as missing_required_fields,
        max(case when ask_rank = 1 then field end) as next_field,
        max(case when ask_rank = 1 then ask_whom end) as next_field_ask_whom,
        max(case when ask_rank = 1 then narrows_milli end) as next_field_narrows_milli
    from {{ ref('fct_lead_fields') }}
    group by as_of_date, lead_id
)

select
    cast(sums.lead_id as {{ text }}) as lead_id,
    cast(sums.as_of_date as date) as as_of_date,
    cast(leads.source_channel as {{ text }}) as source_channel,
    cast(collectors.source_system as {{ text }}) as collector_system,
    cast(collectors.feed as {{ text }}) as collector_feed,
    cast(sums.completeness_milli as bigint) as completeness_milli,
    cast(sums.known_fields as bigint) as known_fields,
    cast(sums.missing_fields as bigint) as missing_fields,
    cast(sums.filled_fields as bigint) as filled_fields,
    cast(nullif(sums.missing_required_fields, '') as {{ text }}) as missing_required_fields,
    cast(sums.next_field as {{ text }}) as next_field,
    cast(sums.next_field_ask_whom as {{ text }}) as next_field_ask_whom,
    cast(sums.next_field_narrows_milli as bigint) as next_field_narrows_milli,
    cast(scores.score_milli as bigint) as score_milli,
    cast(scores.score_min_milli as bigint) as score_min_milli,
    cast(scores.score_max_milli as bigint) as score_max_milli
from sums
inner join {{ ref('dim_leads') }} as leads on sums.lead_id = leads.lead_id
inner join collectors on sums.lead_id = collectors.lead_id
inner join {{ ref('fct_lead_scores') }} as scores on sums.lead_id = scores.lead_id
