-- Leads inside and outside the customer profile: the line is the row of rule_anomaly__report_findings (R54).
with line as (
    select cast(payload ->> 'threshold' as bigint) as threshold
    from marts.dim_rules
    where
        rule_file = 'rule_anomaly__report_findings' and payload ->> 'finding' = 'profile' and status = 'active'
        and valid_from <= $as_of_date and valid_to > $as_of_date
)

select
    s.fit_milli >= line.threshold * 1000 as is_inside,
    max(line.threshold) as threshold,
    count(*) as leads,
    count(*) filter (where f.is_mql) as mqls,
    count(*) filter (where f.is_won) as won,
    cast(quantile_disc(f.days_to_win, 0.5) filter (where f.days_to_win >= 0) as bigint) as median_days_to_win
from marts.fct_lead_lifecycle as f
inner join marts.fct_lead_scores as s on f.lead_id = s.lead_id
cross join line
where f.scope = $scope
group by 1
order by is_inside desc
