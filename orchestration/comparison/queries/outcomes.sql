-- How well either score puts the leads first that sales has an opportunity with or has won. The outcome is that of the
-- base, for both sides; B2B leads that are not excluded. AUC: the share of pairs (outcome, none) that the score puts in
-- the right order, ties as half. Lift: outcomes in the best tenth against outcomes on average.
with judged as (
    select
        s.lead_id,
        l.lifecycle_status in ('opportunity', 'customer') as is_outcome,
        s.score_milli as before_milli,
        a.score_milli as after_milli
    from before.fct_lead_scores as s
    inner join before.dim_leads as l on s.lead_id = l.lead_id
    inner join after.fct_lead_scores as a on s.lead_id = a.lead_id
    where s.scope = 'b2b' and (not l.is_excluded or l.lifecycle_status in ('opportunity', 'customer'))
),

long as (
    select 'before' as side, lead_id, is_outcome, before_milli as score_milli from judged
    union all
    select 'after', lead_id, is_outcome, after_milli from judged
),

ranked as (
    select
        *,
        -- Twice the middle rank of a tie, as a whole number.
        2 * rank() over (partition by side order by score_milli) - 1 + count(*) over (partition by side, score_milli)
            as double_rank,
        row_number() over (partition by side order by score_milli desc, lead_id) as place,
        count(*) over (partition by side) as leads
    from long
),

sums as (
    select
        side,
        count(*) as leads,
        count(*) filter (where is_outcome) as outcomes,
        sum(double_rank) filter (where is_outcome) as double_ranks,
        count(*) filter (where place <= ceil(ranked.leads / 10.0)) as best_leads,
        count(*) filter (where is_outcome and place <= ceil(ranked.leads / 10.0)) as best_outcomes
    from ranked
    group by side
)

select
    side, leads, outcomes, best_leads, best_outcomes,
    round((double_ranks - outcomes * (outcomes + 1)) / (2.0 * outcomes * (leads - outcomes)), 6) as auc,
    round((best_outcomes * leads) / (best_leads * 1.0 * outcomes), 6) as lift
from sums
where outcomes > 0 and outcomes < leads
order by side desc
