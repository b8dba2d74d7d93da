select
    tag_group,
    cardinality,
    absence_means,
    describes,
    label_zh,
    label_en
from {{ ref('tag_groups') }}
