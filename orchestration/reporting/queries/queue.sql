-- The first leads of the queue over all owners.
select
    q.overall_rank, q.queue_rank, q.owner_ref, q.owner_name, q.lead_id, q.tier, q.tier_rule_key, q.priority_milli,
    q.reason_rule_keys, q.sla_state, q.sla_due_at, q.last_activity_on,
    l.person_name, l.company_name, l.job_title, l.industry, l.company_size, l.region, l.city, l.source_channel,
    l.lifecycle_status, l.decision_role,
    s.segment, s.band, s.score, s.score_milli, s.score_min_milli, s.score_max_milli, s.unknown_tag_groups, s.score_change_7d_milli,
    s.maturity_level, s.decision_stage, s.stage_since_on
from marts.rpt_lead_queue as q
inner join marts.dim_leads as l on q.lead_id = l.lead_id
inner join marts.fct_lead_scores as s on q.lead_id = s.lead_id
where s.scope = $scope
order by q.overall_rank, q.lead_id
limit $rows
