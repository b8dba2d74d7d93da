-- Every contribution of the leads asked for.
select lead_id, dimension, kind, rule_id, rule_key, touches, points_milli, score_share_milli, last_occurred_on
from marts.fct_score_contributions
where lead_id in (select unnest($lead_ids))
order by lead_id, dimension, kind, rule_id, rule_key
