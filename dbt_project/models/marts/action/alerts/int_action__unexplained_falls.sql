{{ config(schema='action') }}
{%- set text = dbt.type_string() -%}
-- The part of a fall that the causes which the policy excludes do not explain. It never exceeds what the score really
-- lost: what another cause gave back hurt nobody.
with

included as (
    select
        falls.as_of_date,
        falls.lead_id,
        falls.rule_key,
        falls.start_on,
        falls.start_score_milli,
        falls.lost_milli,
        falls.needed_milli,
        causes.cause,
        causes.change_milli
    from {{ ref('int_action__score_falls') }} as falls
    inner join {{ ref('rul_anomaly__policies') }} as policies on falls.rule_key = policies.rule_key
    inner join {{ ref('int_action__fall_causes') }} as causes
        on
            falls.as_of_date = causes.as_of_date
            and falls.start_on = causes.start_on
            and falls.lead_id = causes.lead_id
    where not {{ is_in_list('causes.cause', "coalesce(policies.excludes_cause, '')") }}
),

ranked as (
    select
        included.*,
        row_number() over (
            partition by as_of_date, lead_id, rule_key order by change_milli asc, cause asc
        ) as cause_rank
    from included
),

falls as (
    select
        as_of_date,
        lead_id,
        rule_key,
        start_on,
        start_score_milli,
        needed_milli,
        lost_milli,
        least(lost_milli, -sum(change_milli)) as unexplained_milli,
        max(case when cause_rank = 1 then cause end) as cause,
        {{ sorted_text_list(
            "'{\"cause\":\"' || cause || '\",\"change_milli\":' || cast(change_milli as " ~ text ~ ") || '}'", "','"
        ) }} as cause_items
    from ranked
    group by as_of_date, lead_id, rule_key, start_on, start_score_milli, needed_milli, lost_milli
),

rule_items as (
    select
        as_of_date, start_on, lead_id,
        {{ sorted_text_list(
            "'{\"rule_key\":\"' || rule_key || '\",\"change_milli\":' || cast(change_milli as " ~ text ~ ") || '}'", "','"
        ) }} as rule_items
    from {{ ref('int_action__fall_rules') }}
    group by as_of_date, start_on, lead_id
)

select
    falls.as_of_date,
    falls.lead_id,
    falls.rule_key,
    cast(falls.unexplained_milli as bigint) as unexplained_milli,
    falls.start_score_milli,
    falls.lost_milli,
    falls.needed_milli,
    falls.cause,
    falls.cause_items,
    coalesce(rule_items.rule_items, '') as rule_items
from falls
left join rule_items
    on
        falls.as_of_date = rule_items.as_of_date
        and falls.start_on = rule_items.start_on
        and falls.lead_id = rule_items.lead_id
where falls.unexplained_milli * 100 >= falls.needed_milli * {{ var('near_miss_pct') }}
