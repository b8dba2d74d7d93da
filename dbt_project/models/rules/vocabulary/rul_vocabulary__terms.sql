select
    vocabulary,
    code,
    label_zh,
    label_en
from {{ ref('vocabulary_terms') }}
