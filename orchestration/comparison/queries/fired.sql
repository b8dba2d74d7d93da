-- Rules that give points to another number of leads than before.
with hits as (
    select
        rule_id,
        count(distinct lead_id) filter (where side = 'before') as before_leads,
        count(distinct lead_id) filter (where side = 'after') as after_leads,
        coalesce(sum(points_milli) filter (where side = 'before'), 0) as before_milli,
        coalesce(sum(points_milli) filter (where side = 'after'), 0) as after_milli
    from (
        select 'before' as side, rule_id, lead_id, points_milli from before.fct_score_contributions
        where kind = 'points'
        union all
        select 'after', rule_id, lead_id, points_milli from after.fct_score_contributions
        where kind = 'points'
    )
    group by rule_id
),

labels as (
    select rule_id, arg_max(label_en, valid_from) as label_en
    from (select * from before.dim_rules union all by name select * from after.dim_rules)
    group by rule_id
)

select
    hits.rule_id, labels.label_en, hits.before_leads, hits.after_leads,
    cast(hits.before_milli as bigint) as before_milli, cast(hits.after_milli as bigint) as after_milli
from hits
left join labels on hits.rule_id = labels.rule_id
where hits.before_leads <> hits.after_leads or hits.before_milli <> hits.after_milli
order by abs(hits.after_milli - hits.before_milli) desc, hits.rule_id
limit $movers
