select
    tag_group,
    cardinality,
    label_zh,
    label_en
from {{ ref('tag_groups') }}
