-- How far each share carried (R04): where its chain began, how deep it lies, and whom it reached below.
with

steps as (
    select * from {{ ref('int_lead_quality__share_steps') }}
),

lines as (
    select * from {{ ancestors(ref('int_lead_quality__share_steps'), 'share_chains') }}
),

tops as (
    select lines.step_key, lines.steps as depth, top.*
    from lines
    inner join (
        select step_key as top_key, parent_state as top_state, sharer_kind as top_kind, rep_ref as top_rep_ref, lead_id as top_lead_id
        from steps
        where parent_key is null
    ) as top on lines.ancestor_key = top.top_key
),

-- Nobody reaches himself: who shares again below his own share is left out.
reached as (
    select
        above.step_key,
        sum(case when below.step_kind = 'share' then 1 else 0 end) as shares_below,
        sum(below.opens) as opens_below,
        count(distinct case when below.person_key <> coalesce(above.person_key, '') then below.person_key end) as people_below,
        count(distinct case when below.lead_id <> coalesce(above.lead_id, '') then below.lead_id end) as leads_below
    from lines
    inner join steps as below on lines.step_key = below.step_key
    inner join steps as above on lines.ancestor_key = above.step_key
    where lines.steps > 0
    group by above.step_key
)

select
    cast(steps.step_key as {{ dbt.type_string() }}) as step_key,
    cast(steps.as_of_date as date) as as_of_date,
    cast(steps.step_kind as {{ dbt.type_string() }}) as step_kind,
    cast(steps.parent_key as {{ dbt.type_string() }}) as parent_key,
    cast(steps.parent_state as {{ dbt.type_string() }}) as parent_state,
    cast(steps.happened_at as {{ dbt.type_timestamp() }}) as happened_at,
    cast(steps.content_ref as {{ dbt.type_string() }}) as content_ref,
    cast(steps.lead_id as {{ dbt.type_string() }}) as lead_id,
    cast(steps.rep_ref as {{ dbt.type_string() }}) as rep_ref,
    cast(tops.depth as bigint) as depth,
    cast(tops.top_key as {{ dbt.type_string() }}) as root_key,
    cast(tops.top_state as {{ dbt.type_string() }}) as root_state,
    cast(case when tops.top_state = 'none' then tops.top_kind else 'unknown' end as {{ dbt.type_string() }}) as started_by,
    cast(case when tops.top_state = 'none' then tops.top_rep_ref end as {{ dbt.type_string() }}) as started_by_rep_ref,
    cast(case when tops.top_state = 'none' then tops.top_lead_id end as {{ dbt.type_string() }}) as started_by_lead_id,
    cast(steps.opens as bigint) as opens,
    cast(coalesce(reached.opens_below, 0) as bigint) as opens_below,
    cast(coalesce(reached.shares_below, 0) as bigint) as shares_below,
    cast(coalesce(reached.people_below, 0) as bigint) as people_below,
    cast(coalesce(reached.leads_below, 0) as bigint) as leads_below
from steps
inner join tops on steps.step_key = tops.step_key
left join reached on steps.step_key = reached.step_key
