-- How many leads differ in what, on the whole.
select
    count(*) as leads,
    count(*) filter (where is_before and not is_after) as only_before,
    count(*) filter (where is_after and not is_before) as only_after,
    count(*) filter (where is_score_milli) as moved,
    count(*) filter (where is_score) as score,
    count(*) filter (where is_band) as band,
    count(*) filter (where is_level) as level,
    count(*) filter (where is_stage) as stage,
    count(*) filter (where is_status) as status,
    count(*) filter (where is_rank) as queue_rank,
    count(*) filter (where is_owner) as owner,
    count(*) filter (where change_milli > 0) as risen,
    count(*) filter (where change_milli < 0) as fallen
from lead_changes
