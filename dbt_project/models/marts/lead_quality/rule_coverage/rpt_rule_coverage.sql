{# The files whose rules leave a trace with each lead; of the others (calendars, words of
   touches, bands, weights) there is nothing to count per lead. #}
{% set files = [
    'rule_scoring__engagement', 'rule_scoring__engagement_patterns', 'rule_scoring__fit', 'rule_scoring__need',
    'rule_maturity__evidence', 'rule_maturity__stage_evidence', 'rule_tagging__segment', 'rule_tagging__company_size',
    'rule_tagging__decision_role',
] %}
-- Which rules work: never fired, always fired, shadowed by another one, capped away, or contradicting another one.
with

day_end as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

population as (
    select count(distinct segments.lead_id) as leads
    from {{ ref('int_tagging__lead_segments') }} as segments
    inner join day_end on segments.as_of_date = day_end.as_of_date
),

rules as (
    select day_end.as_of_date, all_rules.rule_key, all_rules.rule_id, all_rules.rule_file, all_rules.owner
    from {{ ref('rul_all_rules') }} as all_rules
    inner join day_end on {{ active_on('all_rules', 'day_end.as_of_date') }}
    where
        all_rules.rule_file in ('{{ files | join("', '") }}')
        or (
            all_rules.layer = 'tagging'
            and all_rules.rule_key in (
                select tag_rules.rule_key
                from {{ ref('rul_tagging__tag_rules') }} as tag_rules
                where
                    tag_rules.attribute in ('{{ (text_attributes() + number_attributes()) | map('first') | unique | join("', '") }}')
                    or tag_rules.attribute like 'custom:%'
            )
        )
),

counted as (
    select
        rules.as_of_date, rules.rule_key, rules.rule_id, rules.rule_file, rules.owner,
        population.leads,
        coalesce(uses.matched_leads, 0) as matched_leads,
        coalesce(uses.applied_leads, 0) as applied_leads,
        coalesce(uses.capped_leads, 0) as capped_leads,
        coalesce(uses.points_milli, 0) as points_milli,
        uses.rival_rule_key
    from rules
    cross join population
    left join {{ ref('int_lead_quality__rule_uses') }} as uses on rules.rule_key = uses.rule_key
)

select
    cast(rule_key as {{ dbt.type_string() }}) as rule_key,
    cast(rule_id as {{ dbt.type_string() }}) as rule_id,
    cast(rule_file as {{ dbt.type_string() }}) as rule_file,
    cast(owner as {{ dbt.type_string() }}) as owner,
    cast(as_of_date as date) as as_of_date,
    cast(leads as bigint) as leads,
    cast(matched_leads as bigint) as matched_leads,
    cast(applied_leads as bigint) as applied_leads,
    cast(capped_leads as bigint) as capped_leads,
    cast(points_milli as bigint) as points_milli,
    cast(case
        when matched_leads = 0 then 'never_fired'
        when applied_leads = 0 then 'shadowed'
        when rival_rule_key is not null then 'contradictory'
        when capped_leads = applied_leads then 'capped_away'
        when applied_leads = leads then 'always_fired'
        else 'works'
    end as {{ dbt.type_string() }}) as finding,
    cast(rival_rule_key as {{ dbt.type_string() }}) as rival_rule_key
from counted
