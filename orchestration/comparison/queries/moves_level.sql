-- From which level to which, with the number of leads.
select coalesce(scope, 'unknown') as scope, coalesce(before_level, 'none') as before, coalesce(after_level, 'none') as after, count(*) as leads
from lead_changes
where is_level
group by all
order by leads desc, scope, before, after
