{% set keys = ['as_of_date', 'lead_id', 'state_kind'] %}
-- Maturity level, decision stage and conversion stage of a lead over time, as the day-end sees it (R21). A lead that nothing
-- lifts is "low"; between two stages, and after the last one, it may be in none.
with

level_holds as (
    select as_of_date, lead_id, maturity_level, held_from, held_to from {{ ref('int_maturity__level_holds') }}
),

low as (
    select
        leads.as_of_date,
        leads.lead_id,
        least(leads.first_known_on, coalesce(min(level_holds.held_from), leads.first_known_on)) as valid_from
    from {{ ref('int_cleansing__leads') }} as leads
    left join level_holds on leads.as_of_date = level_holds.as_of_date and leads.lead_id = level_holds.lead_id
    group by leads.as_of_date, leads.lead_id, leads.first_known_on
),

holds as ( -- noqa: ST03
    select
        levels.as_of_date, levels.lead_id, 'level' as state_kind, levels.maturity_level as state,
        levels.level_order as state_order, rules.rule_key, levels.valid_from, levels.valid_to
    from (
        select as_of_date, lead_id, 'low' as maturity_level, 1 as level_order, valid_from, cast('9999-12-31' as date) as valid_to
        from low
        union all
        select as_of_date, lead_id, maturity_level, case maturity_level when 'high' then 3 else 2 end, held_from, held_to
        from level_holds
    ) as levels
    left join {{ ref('int_maturity__level_rules') }} as rules
        on levels.as_of_date = rules.as_of_date and levels.lead_id = rules.lead_id
    union all
    select
        path.as_of_date, path.lead_id, 'decision_stage', path.decision_stage,
        stages.stage_order, stages.rule_key, path.entered_on, path.left_on
    from {{ ref('int_maturity__stage_path') }} as path
    inner join {{ ref('rul_maturity__stages') }} as stages
        on path.decision_stage = stages.decision_stage and {{ active_on('stages', 'path.as_of_date') }}
    union all
    select as_of_date, lead_id, 'conversion_stage', conversion_stage, stage_order, rule_key, held_from, held_to
    from {{ ref('int_maturity__conversion_holds') }}
),

stays as (
    {{ furthest_held('holds', keys) }}
),

with_next as (
    select
        stays.*,
        coalesce(
            lead(entered_on) over (partition by as_of_date, lead_id, state_kind order by entered_on),
            {{ add_days('as_of_date', 1) }}
        ) as next_on
    from stays
)

select as_of_date, lead_id, state_kind, state, state_order, rule_key, entered_on, left_on
from with_next
union all
select
    as_of_date, lead_id, state_kind, cast(null as {{ dbt.type_string() }}) as state, 0 as state_order,
    cast(null as {{ dbt.type_string() }}) as rule_key, left_on as entered_on, next_on as left_on
from with_next
where left_on < next_on
