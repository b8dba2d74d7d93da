-- Leads captured in the period by the first content that they took up.
select
    f.first_content_ref as code,
    max(c.title) as title,
    count(*) as leads,
    count(*) filter (where f.is_valid) as valid,
    count(*) filter (where f.is_mql) as mqls,
    count(*) filter (where f.is_won) as won,
    count(*) filter (where s.band in (select unnest($best))) as best,
    cast(sum(s.score_milli) as bigint) as score_milli_sum
from marts.fct_lead_lifecycle as f
left join marts.fct_lead_scores as s on f.lead_id = s.lead_id
left join marts.dim_content as c on f.first_content_ref = c.content_id
where f.scope = $scope and f.captured_on between $first_on and $until_on
group by f.first_content_ref
order by f.first_content_ref is null, leads desc, f.first_content_ref
limit $rows
