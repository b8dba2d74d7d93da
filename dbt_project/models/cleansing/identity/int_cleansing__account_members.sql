-- Every name of a company belongs to one account, named after the name that was known first.
with

named as (
    select
        names.as_of_date,
        names.company_key,
        names.first_known_at,
        coalesce(components.component_id, {{ hash64('names.node_key') }}) as component_id
    from {{ ref('int_cleansing__company_names') }} as names
    left join {{ ref('int_cleansing__components') }} as components
        on names.as_of_date = components.as_of_date and {{ hash64('names.node_key') }} = components.node_id
)

select
    as_of_date,
    company_key,
    component_id,
    first_value(company_key) over (
        partition by as_of_date, component_id
        order by first_known_at, company_key
    ) as account_key
from named
