-- Every word of the vocabulary with its two labels.
select vocabulary, code, label_zh, label_en
from marts.dim_terms
order by vocabulary, code
