-- What a person stated in a form or the CRM, as signals of the lead at a day-end: the need in words, the product, the
-- budget and the time of purchase, dated by the record that said it.
with

statements as (
    select
        as_of_date,
        lead_id,
        'need_description' as signal,
        cast(null as {{ dbt.type_string() }}) as qualifier,
        cast(length(need_text) as bigint) as measure_value,
        need_text_stated_on as occurred_on
    from {{ ref('int_cleansing__leads') }}
    where need_text is not null

    union all

    select
        tags.as_of_date,
        tags.lead_id,
        tags.tag_group as signal,
        tags.tag as qualifier,
        cast(null as bigint) as measure_value,
        case tags.tag_group
            when 'product_interest' then leads.product_interest_text_stated_on
            when 'budget_range' then leads.budget_wan_stated_on
            when 'purchase_timeline' then leads.purchase_timeline_text_stated_on
        end as occurred_on
    from {{ ref('int_tagging__lead_tags') }} as tags
    inner join {{ ref('int_cleansing__leads') }} as leads
        on tags.as_of_date = leads.as_of_date and tags.lead_id = leads.lead_id
    where tags.tag_group in ('product_interest', 'budget_range', 'purchase_timeline')
),

definitions as (
    select * from {{ ref('int_tagging__signal_definitions') }}
    where signal_kind = 'form_field'
)

select
    statements.as_of_date,
    statements.lead_id,
    definitions.signal_key,
    min(statements.occurred_on) as occurred_on
from statements
inner join definitions
    on {{ meets_definition('statements', 'definitions') }} and definitions.listened_from <= statements.as_of_date
where statements.occurred_on <= statements.as_of_date
group by 1, 2, 3
