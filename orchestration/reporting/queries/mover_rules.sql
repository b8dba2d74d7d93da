-- For leads that moved: the rules that now carry the direction of the move, and whose last touch lies within the
-- seven days. Rules without a touch (profile tags) have no date and are left out: their change is not in the marts.
select c.lead_id, c.rule_key, c.rule_id, c.touches, c.score_share_milli, c.last_occurred_on
from marts.fct_score_contributions as c
inner join marts.fct_lead_scores as s on c.lead_id = s.lead_id
where
    c.lead_id in (select unnest($lead_ids))
    and c.kind = 'points'
    and c.last_occurred_on > $since_on
    and c.score_share_milli <> 0
    and (c.score_share_milli > 0) = (s.score_change_7d_milli > 0)
order by c.lead_id, abs(c.score_share_milli) desc, c.rule_id
