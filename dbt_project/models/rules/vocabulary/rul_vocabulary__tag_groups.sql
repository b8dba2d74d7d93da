select
    tag_group,
    cardinality,
    absence_means,
    label_zh,
    label_en
from {{ ref('tag_groups') }}
