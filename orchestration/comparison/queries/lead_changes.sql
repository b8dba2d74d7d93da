-- One row per lead of either side, with both states. Everything else is asked of this table.
create temp table lead_changes as
with before_leads as (
    select
        s.lead_id, s.scope, s.score, s.score_milli, s.band, s.maturity_level, s.decision_stage,
        l.lifecycle_status, l.owner_ref, l.person_name, l.company_name, l.source_channel, l.industry, l.is_excluded,
        q.queue_rank
    from before.fct_lead_scores as s
    inner join before.dim_leads as l on s.lead_id = l.lead_id
    left join before.rpt_lead_queue as q on s.lead_id = q.lead_id
),

after_leads as (
    select
        s.lead_id, s.scope, s.score, s.score_milli, s.band, s.maturity_level, s.decision_stage,
        l.lifecycle_status, l.owner_ref, l.person_name, l.company_name, l.source_channel, l.industry, l.is_excluded,
        q.queue_rank
    from after.fct_lead_scores as s
    inner join after.dim_leads as l on s.lead_id = l.lead_id
    left join after.rpt_lead_queue as q on s.lead_id = q.lead_id
)

select
    lead_id,
    coalesce(a.scope, b.scope) as scope,
    coalesce(a.person_name, b.person_name) as person_name,
    coalesce(a.company_name, b.company_name) as company_name,
    coalesce(a.source_channel, b.source_channel, 'unknown') as source_channel,
    coalesce(a.industry, b.industry, 'unknown') as industry,
    b.score_milli as before_score_milli, a.score_milli as after_score_milli,
    coalesce(a.score_milli, 0) - coalesce(b.score_milli, 0) as change_milli,
    b.score as before_score, a.score as after_score,
    b.band as before_band, a.band as after_band,
    b.maturity_level as before_level, a.maturity_level as after_level,
    b.decision_stage as before_stage, a.decision_stage as after_stage,
    b.lifecycle_status as before_status, a.lifecycle_status as after_status,
    b.queue_rank as before_rank, a.queue_rank as after_rank,
    b.owner_ref as before_owner, a.owner_ref as after_owner,
    b.lead_id is not null as is_before, a.lead_id is not null as is_after,
    coalesce(a.score_milli is distinct from b.score_milli, false) as is_score_milli,
    a.score is distinct from b.score as is_score,
    a.band is distinct from b.band as is_band,
    a.maturity_level is distinct from b.maturity_level as is_level,
    a.decision_stage is distinct from b.decision_stage as is_stage,
    a.lifecycle_status is distinct from b.lifecycle_status as is_status,
    a.queue_rank is distinct from b.queue_rank as is_rank,
    a.owner_ref is distinct from b.owner_ref as is_owner
from before_leads as b
full join after_leads as a using (lead_id);
