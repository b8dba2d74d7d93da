{%- set text = dbt.type_string() -%}
{%- set tiebreaks = range(1, 6) -%}
-- Tier first, then points, then the tiebreak rules in their order; the lead id ends every tie, whatever the rules say.
with

day_end as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }} where is_current
),

hits as (
    select
        hits.*,
        row_number() over (
            partition by lead_id, priority_kind order by priority_milli desc, rule_id asc
        ) as kind_rank
    from {{ ref('int_action__priority_hits') }} as hits
),

priorities as (
    select
        lead_id,
        max(case when priority_kind = 'exclude' then 1 else 0 end) as is_out,
        max(case when priority_kind = 'tier' and kind_rank = 1 then priority_milli end) as tier_milli,
        max(case when priority_kind = 'tier' and kind_rank = 1 then rule_key end) as tier_rule_key,
        sum(case when priority_kind = 'points' then priority_milli else 0 end) as priority_milli,
        {{ sorted_text_list(
            "case when priority_kind = 'points' or (priority_kind = 'tier' and kind_rank = 1) then rule_key end", "'|'"
        ) }} as reason_rule_keys
    from hits
    group by lead_id
),

tiebreak_rules as (
    select
        rules.metric,
        case when rules.argument in ('newest_first', 'highest_first') then -1 else 1 end as sign,
        row_number() over (order by rules.sort_order, rules.rule_id) as tiebreak
    from {{ ref('rul_action__priority') }} as rules
    inner join day_end on {{ active_on('rules', 'day_end.as_of_date') }}
    where rules.priority_kind = 'tiebreak'
),

tiebreaks as (
    select
        metrics.lead_id
        {%- for tiebreak in tiebreaks %},
        max(case when rules.tiebreak = {{ tiebreak }} then rules.sign * metrics.value_milli end) as number_{{ tiebreak }},
        max(case when rules.tiebreak = {{ tiebreak }} then metrics.value_text end) as text_{{ tiebreak }}
        {%- endfor %}
    from {{ ref('int_action__lead_metrics') }} as metrics
    inner join tiebreak_rules as rules on metrics.metric = rules.metric
    group by metrics.lead_id
),

queued as (
    select
        leads.*,
        coalesce(leads.owner_ref, '(none)') as queue_owner,
        scores.band,
        scores.score,
        scores.maturity_level,
        scores.decision_stage,
        {{ div_round('coalesce(priorities.tier_milli, 0)', 1000) }} as tier,
        priorities.tier_rule_key,
        coalesce(priorities.priority_milli, 0) as priority_milli,
        priorities.reason_rule_keys,
        clocks.state as sla_state,
        clocks.due_at as sla_due_at,
        row_number() over (
            order by
                coalesce(priorities.tier_milli, 0) desc,
                coalesce(priorities.priority_milli, 0) desc,
                {% for tiebreak in tiebreaks -%}
                tiebreaks.number_{{ tiebreak }} nulls last, tiebreaks.text_{{ tiebreak }} nulls last,
                {% endfor -%}
                leads.lead_id
        ) as overall_rank
    from {{ ref('dim_leads') }} as leads
    inner join {{ ref('fct_lead_scores') }} as scores on leads.lead_id = scores.lead_id
    left join priorities on leads.lead_id = priorities.lead_id
    left join tiebreaks on leads.lead_id = tiebreaks.lead_id
    left join {{ ref('fct_response_clocks') }} as clocks on leads.lead_id = clocks.lead_id and clocks.wait_rank = 1
    where coalesce(priorities.is_out, 0) = 0
)

select
    cast(queue_owner as {{ text }}) as owner_ref,
    cast(owner_name as {{ text }}) as owner_name,
    cast(row_number() over (partition by queue_owner order by overall_rank) as bigint) as queue_rank,
    cast(overall_rank as bigint) as overall_rank,
    cast(lead_id as {{ text }}) as lead_id,
    cast(person_name as {{ text }}) as person_name,
    cast(company_name as {{ text }}) as company_name,
    cast(band as {{ text }}) as band,
    cast(score as bigint) as score,
    cast(maturity_level as {{ text }}) as maturity_level,
    cast(decision_stage as {{ text }}) as decision_stage,
    cast(tier as bigint) as tier,
    cast(tier_rule_key as {{ text }}) as tier_rule_key,
    cast(priority_milli as bigint) as priority_milli,
    cast(reason_rule_keys as {{ text }}) as reason_rule_keys,
    cast(sla_state as {{ text }}) as sla_state,
    cast(sla_due_at as {{ dbt.type_timestamp() }}) as sla_due_at,
    cast(last_activity_on as date) as last_activity_on
from queued
