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
        as_of_date, lead_id, '{{ attribute }}' as attribute, cast({{ attribute }} as {{ dbt.type_string() }}) as value_text,
        feed, record_key, coalesce(modified_at, occurred_at) as stated_at,
        '{{ 'first' if is_first else 'newest' }}' as reason,
        {{ '-arrival_rank' if is_first else 'survival_rank' }} as survival_rank
    from records_by_survival
    where {{ attribute }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

ranked_statements as (
    select
        statements.*,
        row_number() over (partition by lead_id, attribute order by survival_rank desc) as statement_rank,
        count(*) over (partition by lead_id, attribute) as statements,
        min(value_text) over (partition by lead_id, attribute) as smallest_value,
        max(value_text) over (partition by lead_id, attribute) as largest_value
    from statements
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
    cast(as_of_date as date) as as_of_date,
    cast(lead_id as varchar) as lead_id,
    cast(attribute as varchar) as attribute,
    cast(case when attribute in ('email', 'mobile', 'phone') then {{ masked_contact('value_text') }} else value_text end as varchar) as value_text,
    cast(case when statements = 1 then 'only' when smallest_value = largest_value then 'agreed' else reason end as varchar) as reason,
    cast(feed as varchar) as feed,
    cast(record_key as varchar) as record_key,
    cast(stated_at as timestamp) as stated_at,
    cast(statements as bigint) as statements
from ranked_statements
where statement_rank = 1
union all
select
    cast(as_of_date as date), cast(lead_id as varchar), cast(attribute as varchar), cast(value_text as varchar),
    cast('account' as varchar), cast('crm_accounts' as varchar), cast(account_id as varchar), cast(null as timestamp), cast(0 as bigint)
from filled
