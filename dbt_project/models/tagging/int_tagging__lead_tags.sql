select
    as_of_date, lead_id, tag_group, tag, rule_id, rule_key, value_text
from {{ ref('int_tagging__direct_tags') }}
where tag <> 'unknown'

union all

select as_of_date, lead_id, tag_group, tag, rule_id, rule_key, cast(null as {{ dbt.type_string() }}) as value_text
from {{ ref('int_tagging__company_sizes') }}

union all

select as_of_date, lead_id, tag_group, tag, rule_id, rule_key, cast(null as {{ dbt.type_string() }}) as value_text
from {{ ref('int_tagging__decision_roles') }}
