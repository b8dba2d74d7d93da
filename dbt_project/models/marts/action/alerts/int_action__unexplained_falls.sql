{{ config(schema='action') }}
-- The part of a fall that the causes which the policy excludes do not explain. It never exceeds what the score really
-- lost: minus points that a clamp swallowed hurt nobody.
with

included as (
    select
        falls.as_of_date,
        falls.lead_id,
        falls.rule_key,
        falls.start_score_milli,
        falls.lost_milli,
        falls.needed_milli,
        causes.cause,
        causes.change_milli,
        '{"rule_key":"' || causes.rule_key || '","cause":"' || causes.cause || '","change_milli":'
        || cast(causes.change_milli as {{ dbt.type_string() }}) || '}' as evidence_item
    from {{ ref('int_action__score_falls') }} as falls
    inner join {{ ref('rul_anomaly__policies') }} as policies on falls.rule_key = policies.rule_key
    inner join {{ ref('int_action__fall_causes') }} as causes
        on
            falls.as_of_date = causes.as_of_date
            and falls.start_on = causes.start_on
            and falls.lead_id = causes.lead_id
    where not {{ is_in_list('causes.cause', "coalesce(policies.excludes_cause, '')") }}
),

causes as (
    select
        as_of_date,
        lead_id,
        rule_key,
        cause,
        row_number() over (
            partition by as_of_date, lead_id, rule_key order by sum(change_milli), cause
        ) as cause_rank
    from included
    group by as_of_date, lead_id, rule_key, cause
),

falls as (
    select
        as_of_date,
        lead_id,
        rule_key,
        start_score_milli,
        needed_milli,
        lost_milli,
        least(lost_milli, -sum(change_milli)) as unexplained_milli,
        {{ sorted_text_list('case when change_milli < 0 then evidence_item end', "','") }} as evidence_items
    from included
    group by as_of_date, lead_id, rule_key, start_score_milli, needed_milli, lost_milli
)

select
    falls.as_of_date,
    falls.lead_id,
    falls.rule_key,
    cast(falls.unexplained_milli as bigint) as unexplained_milli,
    falls.start_score_milli,
    falls.lost_milli,
    causes.cause,
    falls.evidence_items
from falls
inner join causes
    on
        falls.as_of_date = causes.as_of_date
        and falls.lead_id = causes.lead_id
        and falls.rule_key = causes.rule_key
        and causes.cause_rank = 1
where falls.unexplained_milli >= falls.needed_milli
