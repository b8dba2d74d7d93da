-- What each of our people did in the period, and what lies on the desk at the day-end.
with acts as (
    select
        rep_ref,
        count(*) filter (where channel = 'call') as calls,
        count(*) filter (where channel = 'call' and touch_type in ('connected', 'inbound')) as connected,
        count(*) filter (where channel = 'meeting' and touch_type in ('online_held', 'onsite_held')) as meetings,
        count(*) filter (where channel not in ('call', 'meeting')) as messages,
        count(distinct lead_id) as leads
    from marts.fct_touchpoints
    where
        occurred_on between $first_on and $until_on and rep_ref is not null and not is_automatic
        and (initiative = 'ours' or channel in ('call', 'meeting'))
    group by rep_ref
),

queues as (
    select owner_ref as rep_ref, count(*) as queue, count(*) filter (where sla_state = 'breached') as breached
    from marts.rpt_lead_queue
    group by owner_ref
)

select
    coalesce(acts.rep_ref, queues.rep_ref) as rep_ref, r.rep_name, r.role, r.team,
    coalesce(acts.calls, 0) as calls, coalesce(acts.connected, 0) as connected, coalesce(acts.meetings, 0) as meetings,
    coalesce(acts.messages, 0) as messages, coalesce(acts.leads, 0) as leads,
    coalesce(queues.queue, 0) as queue, coalesce(queues.breached, 0) as breached
from acts
full join queues on acts.rep_ref = queues.rep_ref
left join marts.dim_reps as r on coalesce(acts.rep_ref, queues.rep_ref) = r.rep_id
where coalesce(r.is_active, true) and r.rep_id is not null
order by coalesce(acts.calls, 0) + coalesce(acts.messages, 0) + coalesce(acts.meetings, 0) desc, rep_ref
limit $rows
