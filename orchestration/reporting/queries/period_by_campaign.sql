-- Leads captured in the period by their first campaign, with what the campaign cost in the period.
with leads as (
    select
        coalesce(f.campaign_ref, 'unknown') as code,
        count(*) filter (where s.band in (select unnest($best))) as best,
        cast(sum(s.score_milli) as bigint) as score_milli_sum
    from marts.fct_lead_lifecycle as f
    left join marts.fct_lead_scores as s on f.lead_id = s.lead_id
    where f.scope = $scope and f.captured_on between $first_on and $until_on
    group by 1
)

select
    o.member as code, c.campaign_name as title, o.leads, o.leads_valid as valid, o.leads_mql as mqls, o.leads_won as won,
    coalesce(leads.best, 0) as best, coalesce(leads.score_milli_sum, 0) as score_milli_sum,
    o.spent_fen, o.cost_per_valid_fen, o.cost_per_mql_fen, o.cost_per_won_fen
from marts.rpt_outcomes as o
left join leads on o.member = leads.code
left join marts.dim_campaigns as c on o.member = c.campaign_id
where
    o.scope = $scope and o.period_kind = $period_kind and o.period_from = $first_on and o.breakdown = 'campaign'
    and (o.leads > 0 or o.spent_fen > 0)
order by o.member = 'unknown', o.leads desc, o.spent_fen desc nulls last, o.member
limit $rows
