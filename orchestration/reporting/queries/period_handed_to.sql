-- To whom the leads of the period were handed over, and what became of them.
with given as (
    select lead_id, max_by(rep_ref, (stated_at, step_key)) as rep_ref
    from marts.fct_lead_steps
    where step = 'handed_over' and stated_on <= $until_on
    group by lead_id
)

select
    given.rep_ref, max(r.rep_name) as rep_name, max(r.team) as team,
    count(*) as leads,
    count(*) filter (where f.worked_on is not null) as worked,
    count(*) filter (where f.handover_state = 'accepted') as accepted,
    count(*) filter (where f.handover_state = 'returned') as returned,
    count(*) filter (where f.handover_state = 'waiting') as waiting
from marts.fct_lead_lifecycle as f
left join given on f.lead_id = given.lead_id
left join marts.dim_reps as r on given.rep_ref = r.rep_id
where f.scope = $scope and f.handed_over_on between $first_on and $until_on
group by given.rep_ref
order by leads desc, given.rep_ref nulls last
