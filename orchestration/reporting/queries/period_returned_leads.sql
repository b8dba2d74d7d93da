-- The leads that sales sent back in the period, newest first.
select
    f.lead_id, l.person_name, l.company_name, f.source_channel, f.returned_on, f.return_reason, s.score, s.band,
    r.rep_name as rep_name, steps.rep_ref
from marts.fct_lead_lifecycle as f
left join marts.dim_leads as l on f.lead_id = l.lead_id
left join marts.fct_lead_scores as s on f.lead_id = s.lead_id
left join (
    select lead_id, stated_on, max_by(rep_ref, (reason is not null, step_key)) as rep_ref
    from marts.fct_lead_steps
    where step = 'returned'
    group by all
) as steps on f.lead_id = steps.lead_id and f.returned_on = steps.stated_on
left join marts.dim_reps as r on steps.rep_ref = r.rep_id
where f.scope = $scope and f.returned_on between $first_on and $until_on
order by f.returned_on desc, s.score desc nulls last, f.lead_id
limit $rows
