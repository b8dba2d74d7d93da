-- The leads that move most, and the rule whose part of the score moved most in the same direction. A cap, clamp or
-- rounding has no rule: it is named by its kind and dimension.
with movers as (
    select * from lead_changes
    where is_score_milli
    order by abs(change_milli) desc, lead_id
    limit $movers
),

parts as (
    select lead_id, dimension, kind, rule_id, sum(share_milli) as change_milli
    from (
        select lead_id, dimension, kind, rule_id, -score_share_milli as share_milli from before.fct_score_contributions
        where lead_id in (select lead_id from movers)
        union all
        select lead_id, dimension, kind, rule_id, score_share_milli from after.fct_score_contributions
        where lead_id in (select lead_id from movers)
    )
    group by all
),

strongest as (
    select parts.*
    from parts
    inner join movers on parts.lead_id = movers.lead_id
    where parts.change_milli <> 0 and (parts.change_milli > 0) = (movers.change_milli > 0)
    qualify
        row_number() over (
            partition by parts.lead_id
            order by (parts.kind = 'points') desc, abs(parts.change_milli) desc, parts.dimension, parts.rule_id
        ) = 1
),

labels as (
    select rule_id, arg_max(label_en, valid_from) as label_en
    from (select * from before.dim_rules union all by name select * from after.dim_rules)
    group by rule_id
)

select
    movers.lead_id, movers.person_name, movers.company_name, movers.scope,
    movers.before_score, movers.after_score, movers.before_band, movers.after_band, movers.change_milli,
    strongest.dimension, strongest.kind, strongest.rule_id, strongest.change_milli as rule_change_milli,
    labels.label_en as rule_label
from movers
left join strongest on movers.lead_id = strongest.lead_id
left join labels on strongest.rule_id = labels.rule_id and strongest.kind = 'points'
order by abs(movers.change_milli) desc, movers.lead_id
