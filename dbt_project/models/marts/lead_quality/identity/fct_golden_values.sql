{# Where each surviving value comes from, for leads of several records, and for values that the account or the registry filled
   in. The record of a lead with only one is in dim_lead_aliases. #}
with

current_day as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

merged_leads as (
    select golden.as_of_date, golden.lead_id
    from {{ ref('int_cleansing__golden_leads') }} as golden
    inner join current_day on golden.as_of_date = current_day.as_of_date
    where golden.record_count > 1
),

members as (
    select members.as_of_date, members.lead_id, members.node_key, members.names_the_lead
    from {{ ref('int_cleansing__lead_members') }} as members
    inner join merged_leads
        on members.as_of_date = merged_leads.as_of_date and members.lead_id = merged_leads.lead_id
),

{{ records_by_survival('members', ref('rul_cleansing__source_trust')) }},

statements as (
    {%- for attribute in surviving_attributes() + first_statements() %}
    {%- set is_first = attribute in first_statements() %}
    select
        lead_id, '{{ attribute }}' as attribute, cast({{ attribute }} as {{ dbt.type_string() }}) as value_text,
        '{{ 'first' if is_first else 'newest' }}' as reason,
        survival_rank,
        {{ '-arrival_rank' if is_first else 'survival_rank' }} as statement_rank
    from records_by_survival
    where {{ attribute }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- An aggregate and a look at the record that won cost a third of sorting every statement.
surviving_statements as (
    select
        lead_id, attribute, reason,
        max_by(value_text, statement_rank) as value_text,
        max_by(survival_rank, statement_rank) as survival_rank,
        count(*) as statements,
        min(value_text) as smallest_value,
        max(value_text) as largest_value
    from statements
    group by lead_id, attribute, reason
),

filled as (
    {%- for attribute in company_fills() %}
    select
        leads.as_of_date, leads.lead_id, '{{ attribute }}' as attribute,
        cast(leads.{{ attribute }} as {{ dbt.type_string() }}) as value_text, leads.account_id
    from {{ ref('int_cleansing__leads') }} as leads
    inner join current_day on leads.as_of_date = current_day.as_of_date
    inner join {{ ref('int_cleansing__golden_leads') }} as golden
        on leads.as_of_date = golden.as_of_date and leads.lead_id = golden.lead_id
    where golden.{{ attribute }} is null and leads.{{ attribute }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    cast(records.as_of_date as date) as as_of_date,
    cast(survivors.lead_id as varchar) as lead_id,
    cast(survivors.attribute as varchar) as attribute,
    cast(case
        when survivors.attribute in ('email', 'mobile', 'phone') then {{ masked_contact('survivors.value_text') }}
        when survivors.attribute in ('{{ free_texts() | join("', '") }}') then {{ text_without_contacts('survivors.value_text') }}
        else survivors.value_text
    end as varchar) as value_text,
    cast(case
        when survivors.statements = 1 then 'only'
        when survivors.smallest_value = survivors.largest_value then 'agreed'
        else survivors.reason
    end as varchar) as reason,
    cast(records.feed as varchar) as feed,
    cast(records.record_key as varchar) as record_key,
    cast(coalesce(records.modified_at, records.occurred_at) as timestamp) as stated_at,
    cast(survivors.statements as bigint) as statements
from surviving_statements as survivors
inner join records_by_survival as records
    on survivors.lead_id = records.lead_id and survivors.survival_rank = records.survival_rank
union all
select
    cast(as_of_date as date), cast(lead_id as varchar), cast(attribute as varchar), cast(value_text as varchar),
    cast('account' as varchar), cast('crm_accounts' as varchar), cast(account_id as varchar), cast(null as timestamp), cast(0 as bigint)
from filled
