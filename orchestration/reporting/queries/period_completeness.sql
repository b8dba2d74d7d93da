-- How well each field of the intake standard is known at the day-end.
select
    field, max(weight) as weight,
    cast(sum(leads) as bigint) as leads, cast(sum(known) as bigint) as known,
    cast(sum(filled_by_registry + filled_by_account) as bigint) as filled, cast(sum(asked_next) as bigint) as asked_next
from marts.rpt_completeness
group by field
order by weight desc, field
