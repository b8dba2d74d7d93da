-- Rule versions that are there on one side only, or say something else. With the rules of one date (rules_as_of) a rule
-- has one version that always holds, so that an appended row shows as what it changes.
select
    coalesce(a.rule_key, b.rule_key) as rule_key,
    coalesce(a.rule_id, b.rule_id) as rule_id,
    coalesce(a.rule_file, b.rule_file) as rule_file,
    coalesce(a.label_en, b.label_en) as label_en,
    case when b.rule_key is null then 'added' when a.rule_key is null then 'removed' else 'changed' end as change,
    b.payload as before_payload, a.payload as after_payload,
    b.status as before_status, a.status as after_status
from before.dim_rules as b
full join after.dim_rules as a on b.rule_id = a.rule_id and b.valid_from = a.valid_from
where
    b.rule_key is null or a.rule_key is null
    or a.payload is distinct from b.payload or a.status is distinct from b.status
order by rule_file, rule_key
