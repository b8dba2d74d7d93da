-- The ledger of one lead between two day-ends, oldest first.
select
    as_of_date, before_milli, after_milli, after_band, before_band, after_level, before_level,
    new_milli, identity_milli, rule_milli, attribute_milli, late_data_milli, decay_milli, inactivity_milli, behaviour_milli
from marts.fct_score_changes
where lead_id = $lead_id and as_of_date > $since and as_of_date <= $until
order by as_of_date
