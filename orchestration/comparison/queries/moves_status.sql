-- From which status to which, with the number of leads.
select coalesce(scope, 'unknown') as scope, coalesce(before_status, 'none') as before, coalesce(after_status, 'none') as after, count(*) as leads
from lead_changes
where is_status
group by all
order by leads desc, scope, before, after
