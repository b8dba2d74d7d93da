-- What each alert policy in force costs in alerts a week, at its own threshold.
select rule_key, severity, days_watched, opened_per_week_milli
from marts.rpt_alert_budget
where is_in_force
order by case severity when 'critical' then 1 when 'warning' then 2 else 3 end, rule_key
