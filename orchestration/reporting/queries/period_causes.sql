-- What moved the scores in the period, from the ledger, in thousandths of a point over all leads.
select
    count(distinct c.as_of_date) as day_ends,
    min(c.as_of_date) as first_on,
    max(c.as_of_date) as last_on,
    count(distinct c.lead_id) as leads,
    count(*) filter (where c.before_milli is null) as new_leads,
    cast(coalesce(sum(c.new_milli), 0) as bigint) as new_milli,
    cast(coalesce(sum(c.identity_milli), 0) as bigint) as identity_milli,
    cast(coalesce(sum(c.rule_milli), 0) as bigint) as rule_milli,
    cast(coalesce(sum(c.attribute_milli), 0) as bigint) as attribute_milli,
    cast(coalesce(sum(c.late_data_milli), 0) as bigint) as late_data_milli,
    cast(coalesce(sum(c.decay_milli), 0) as bigint) as decay_milli,
    cast(coalesce(sum(c.inactivity_milli), 0) as bigint) as inactivity_milli,
    cast(coalesce(sum(c.behaviour_milli), 0) as bigint) as behaviour_milli,
    count(*) filter (where c.before_band is distinct from c.after_band and c.before_score is not null and c.after_score > c.before_score)
        as band_rises,
    count(*) filter (where c.before_band is distinct from c.after_band and c.before_score is not null and c.after_score < c.before_score)
        as band_falls
from marts.fct_score_changes as c
left join marts.dim_leads as l on c.lead_id = l.lead_id
where c.as_of_date between $first_on and $until_on and coalesce(l.scope, $scope) = $scope
