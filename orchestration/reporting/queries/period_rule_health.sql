-- Rules in force by what becomes of them, and how many points they carry.
select finding, count(*) as rules, cast(sum(points_milli) as bigint) as points_milli
from marts.rpt_rule_coverage
group by finding
order by finding
