{%- set text = dbt.type_string() -%}
select
    cast(vocabulary as {{ text }}) as vocabulary,
    cast(code as {{ text }}) as code,
    cast(label_zh as {{ text }}) as label_zh,
    cast(label_en as {{ text }}) as label_en
from {{ ref('rul_vocabulary__terms') }}
