-- The rule files with most rules that do nothing.
select
    rule_file,
    count(*) as rules,
    count(*) filter (where finding = 'never_fired') as never_fired,
    count(*) filter (where finding in ('shadowed', 'contradictory', 'capped_away')) as without_effect
from marts.rpt_rule_coverage
group by rule_file
having count(*) filter (where finding not in ('works', 'always_fired')) > 0
order by never_fired + without_effect desc, rule_file
limit $rows
