-- The published day-end that the marts show.
select *
from marts.published_day_ends
where is_current
