{%- set text = dbt.type_string() -%}
select
    cast(rule_key as {{ text }}) as rule_key,
    cast(rule_id as {{ text }}) as rule_id,
    cast(layer as {{ text }}) as layer,
    cast(rule_file as {{ text }}) as rule_file,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    cast(status as {{ text }}) as status,
    cast(label_zh as {{ text }}) as label_zh,
    cast(label_en as {{ text }}) as label_en,
    cast(owner as {{ text }}) as owner,
    cast(why as {{ text }}) as why,
    cast(reference as {{ text }}) as reference,
    cast(payload as {{ text }}) as payload
from {{ ref('rul_all_rules') }}
