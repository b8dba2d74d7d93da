-- The alert policies that cost most alerts a week at their own threshold, and all of them together.
select
    rule_key, severity, days_watched, opened_per_week_milli,
    cast(sum(opened_per_week_milli) over () as bigint) as all_per_week_milli
from marts.rpt_alert_budget
where is_in_force and opened_per_week_milli > 0
order by opened_per_week_milli desc, rule_key
limit $rows
