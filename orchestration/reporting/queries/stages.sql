-- Leads by decision stage and maturity level, with the days since the stage was entered.
select
    coalesce(decision_stage, 'unknown') as decision_stage,
    coalesce(maturity_level, 'unknown') as maturity_level,
    count(*) as leads,
    cast(sum(case when stage_since_on is null then 0 else date_diff('day', stage_since_on, $as_of_date) end) as bigint)
        as stage_days_sum,
    count(stage_since_on) as staged
from marts.fct_lead_scores
where scope = $scope
group by all
order by decision_stage, maturity_level
