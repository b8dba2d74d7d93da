-- The rules that caught most records, with one of the values that they caught.
select
    rule_key, rule_id, verdict, feed, attribute,
    count(*) as hits,
    min(value_text) as example
from marts.fct_record_verdicts
where is_in_force
group by rule_key, rule_id, verdict, feed, attribute
order by hits desc, rule_id, feed, attribute
limit $rows
