-- Whether people work on a day; no row beyond the known calendar.
select is_business_day
from marts.dim_dates
where date_day = $day
