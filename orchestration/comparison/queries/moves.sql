-- From which band, level or status to which, with the number of leads.
with moves as (
    select scope, 'band' as what, before_band as before, after_band as after
    from lead_changes
    where is_band
    union all
    select scope, 'level', before_level, after_level
    from lead_changes
    where is_level
    union all
    select scope, 'status', before_status, after_status
    from lead_changes
    where is_status
)

select coalesce(scope, 'unknown') as scope, coalesce(before, 'none') as before, coalesce(after, 'none') as after, count(*) as leads
from moves
where what = $what
group by all
order by leads desc, scope, before, after
