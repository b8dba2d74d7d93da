-- Every rule version.
select rule_key, rule_id, layer, rule_file, valid_from, valid_to, status, label_zh, label_en, owner, why, reference, payload
from marts.dim_rules
order by rule_id, valid_from
