-- Rules that began to hold, changed or were retired in the period.
select rule_key, rule_id, status, valid_from, why
from marts.dim_rules
where valid_from between $first_on and $until_on and valid_from > date '2000-01-01'
order by valid_from, rule_id
limit $rows
