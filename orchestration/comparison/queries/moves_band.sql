-- From which band to which, with the number of leads.
select coalesce(scope, 'unknown') as scope, coalesce(before_band, 'none') as before, coalesce(after_band, 'none') as after, count(*) as leads
from lead_changes
where is_band
group by all
order by leads desc, scope, before, after
