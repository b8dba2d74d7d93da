-- Everything that is said of one lead on one row.
select
    l.*,
    s.score, s.score_milli, s.score_min_milli, s.score_max_milli, s.unknown_tag_groups, s.band,
    s.fit_milli, s.fit_band, s.engagement_milli, s.engagement_band, s.need_milli, s.bant_band,
    s.score_change_1d_milli, s.score_change_7d_milli,
    s.maturity_level, s.maturity_milli, s.level_since_on,
    s.need_clarity_milli, s.purchase_intent_milli, s.product_match_milli, s.decision_position_milli,
    s.decision_stage, s.stage_since_on,
    s.conversion_stage, s.conversion_stage_since_on, s.conversion_rule_key,
    q.overall_rank, q.queue_rank, q.tier, q.tier_rule_key, q.priority_milli, q.reason_rule_keys, q.sla_state, q.sla_due_at
from marts.dim_leads as l
left join marts.fct_lead_scores as s on l.lead_id = s.lead_id
left join marts.rpt_lead_queue as q on l.lead_id = q.lead_id
where l.lead_id = $lead_id
