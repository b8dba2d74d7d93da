-- Rules that no longer fire, now fire for every lead, or are new and never fire. A rule fires for a lead (or a record)
-- where a mart names it; a new rule is only judged in a file of which the marts show any rule at work. Rules of alerts
-- look back over many day-ends: they are left out ($with_alerts) when a side has computed its own day-end only.
with hits as (
    select 'before' as side, rule_id, lead_id as thing from before.fct_score_contributions
    where kind = 'points'
    union all
    select 'after', rule_id, lead_id from after.fct_score_contributions
    where kind = 'points'
    union all
    select 'before', split_part(rule_key, '@', 1), lead_id from before.fct_lead_tags
    union all
    select 'after', split_part(rule_key, '@', 1), lead_id from after.fct_lead_tags
    union all
    select 'before', split_part(lifecycle_rule_key, '@', 1), lead_id from before.dim_leads
    union all
    select 'after', split_part(lifecycle_rule_key, '@', 1), lead_id from after.dim_leads
    union all
    select 'before', split_part(unnest(string_split(reason_rule_keys, '|')), '@', 1), lead_id from before.rpt_lead_queue
    union all
    select 'after', split_part(unnest(string_split(reason_rule_keys, '|')), '@', 1), lead_id from after.rpt_lead_queue
    union all
    select 'before', split_part(rule_key, '@', 1), lead_id from before.fct_response_clocks
    union all
    select 'after', split_part(rule_key, '@', 1), lead_id from after.fct_response_clocks
    union all
    select 'before', split_part(rule_key, '@', 1), lead_id from before.fct_alerts
    where $with_alerts
    union all
    select 'after', split_part(rule_key, '@', 1), lead_id from after.fct_alerts
    where $with_alerts
    union all
    select 'before', rule_id, feed || '|' || record_key from before.fct_record_verdicts
    where is_in_force
    union all
    select 'after', rule_id, feed || '|' || record_key from after.fct_record_verdicts
    where is_in_force
),

counts as (
    select
        rule_id,
        count(distinct thing) filter (where side = 'before') as before_hits,
        count(distinct thing) filter (where side = 'after') as after_hits
    from hits
    where rule_id is not null
    group by rule_id
),

sizes as (
    select
        (select count(*) from before.fct_lead_scores) as before_leads,
        (select count(*) from after.fct_lead_scores) as after_leads
),

active_rules as (
    select
        rule_id,
        any_value(rule_file) as rule_file,
        arg_max(label_en, valid_from) as label_en,
        bool_or(side = 'before') as is_before,
        bool_or(side = 'after') as is_after
    from (
        select 'before' as side, rule_id, rule_file, label_en, valid_from from before.dim_rules
        where status = 'active' and valid_from <= $as_of_date and $as_of_date < valid_to
        union all
        select 'after', rule_id, rule_file, label_en, valid_from from after.dim_rules
        where status = 'active' and valid_from <= $as_of_date and $as_of_date < valid_to
    )
    group by rule_id
),

visible_files as (
    select distinct rule_file
    from active_rules
    inner join counts on active_rules.rule_id = counts.rule_id
),

judged as (
    select
        r.rule_id, r.rule_file, r.label_en, r.is_before, r.is_after,
        coalesce(c.before_hits, 0) as before_hits, coalesce(c.after_hits, 0) as after_hits,
        case
            when r.is_before and not r.is_after then 'no longer there'
            when coalesce(c.before_hits, 0) > 0 and coalesce(c.after_hits, 0) = 0 then 'never fires now'
            when
                not r.is_before and coalesce(c.after_hits, 0) = 0
                and r.rule_file in (select rule_file from visible_files) then 'new, never fires'
            when
                c.after_hits >= sizes.after_leads and coalesce(c.before_hits, 0) < sizes.before_leads
                then 'always fires now'
            when coalesce(c.before_hits, 0) = 0 and c.after_hits > 0 and r.is_before then 'fires for the first time'
        end as finding
    from active_rules as r
    left join counts as c on r.rule_id = c.rule_id
    cross join sizes
)

select rule_id, rule_file, label_en, finding, before_hits, after_hits
from judged
where finding is not null
order by finding, rule_id
