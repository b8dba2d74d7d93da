-- Leads that differ, by their words of one vocabulary (industry or source_channel); words without any difference are left out.
with counted as (
    select
        case $vocabulary when 'industry' then industry when 'source_channel' then source_channel end as word,
        count(*) as leads,
        count(*) filter (where is_band) as band,
        count(*) filter (where is_level) as level,
        count(*) filter (where is_status) as status,
        count(*) filter (where is_rank) as queue_rank,
        count(*) filter (where is_owner) as owner,
        count(*) filter (where is_score_milli) as moved,
        cast(round(avg(change_milli)) as bigint) as mean_change_milli
    from lead_changes
    group by word
)

select counted.*, coalesce(terms.label_en, counted.word) as label
from counted
left join (
    select code, any_value(label_en) as label_en from after.dim_terms
    where vocabulary = $vocabulary
    group by code
) as terms on counted.word = terms.code
where moved + band + level + status + queue_rank + owner > 0
order by band desc, level desc, status desc, queue_rank desc, moved desc, word
