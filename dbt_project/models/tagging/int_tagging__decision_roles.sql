-- The role that a title suggests: the first rule (priority) whose job level and department both fit.
with

leads as (
    select
        as_of_date,
        lead_id,
        max(case when tag_group = 'job_level' then tag end) as job_level,
        max(case when tag_group = 'department' then tag end) as department
    from {{ ref('int_tagging__direct_tags') }}
    where tag_group in ('job_level', 'department')
    group by as_of_date, lead_id
),

rules as (
    select * from {{ ref('rul_tagging__decision_role') }}
),

rules_by_level as (
    select rules.*, levels.one_level
    from rules, {{ split_rows('rules.job_level', "'|'") }} as levels(one_level)
),

rules_by_level_and_department as (
    select rules_by_level.*, departments.one_department
    from rules_by_level, {{ split_rows('rules_by_level.department', "'|'") }} as departments(one_department)
),

ranked as (
    select
        leads.as_of_date,
        leads.lead_id,
        rules.tag,
        rules.rule_id,
        rules.rule_key,
        row_number() over (
            partition by leads.as_of_date, leads.lead_id
            order by rules.priority, rules.rule_id
        ) as role_rank
    from leads
    inner join rules_by_level_and_department as rules
        on
            rules.one_level in (leads.job_level, 'any')
            and rules.one_department in (leads.department, 'any')
            and (rules.one_level <> 'any' or rules.one_department <> 'any')
            and {{ active_on('rules', 'leads.as_of_date') }}
)

select as_of_date, lead_id, 'decision_role' as tag_group, tag, rule_id, rule_key
from ranked
where role_rank = 1 and tag <> 'unknown'
