-- How far the judgement of each rep can be trusted, whoever judged most first (R17).
select
    rep_ref, rep_name, judged, returned, settled, agreed, accepted_in_vain, returned_in_error, standing,
    sum(judged) over () as all_judged, sum(returned) over () as all_returned,
    sum(settled) over () as all_settled, sum(agreed) over () as all_agreed
from marts.rpt_rep_yardstick
order by judged desc, rep_ref
limit $rows
