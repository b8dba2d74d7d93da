{# The four dimensions over time, and whether there is fresh buying evidence: "high" needs it, so readers never become high. #}
{% set dimensions = ['need_clarity', 'purchase_intent', 'product_match', 'decision_position'] %}

with

evidence as (
    select * from {{ ref('int_maturity__evidence') }}
),

buying_evidence as (
    select
        evidence.as_of_date, evidence.lead_id, evidence.valid_from,
        {{ add_days('evidence.occurred_on', 'level_rules.gate_buying_days') }} as valid_to
    from evidence
    inner join {{ ref('int_maturity__level_rules') }} as level_rules
        on evidence.as_of_date = level_rules.as_of_date and evidence.lead_id = level_rules.lead_id
    where evidence.is_buying_evidence = 1
),

intervals as ( -- noqa: ST03
    select as_of_date, lead_id, valid_from, valid_to from evidence
    union all
    select as_of_date, lead_id, valid_from, valid_to from buying_evidence
    where valid_from < valid_to
),

spans as (
    {{ spans_of('intervals') }}
),

rule_points as (
    select
        spans.as_of_date, spans.lead_id, spans.span_from,
        evidence.maturity_dimension, evidence.rule_key,
        case
            when max(evidence.cap_points) is null then sum(evidence.points)
            when max(evidence.cap_points) < 0 then greatest(sum(evidence.points), max(evidence.cap_points))
            else least(sum(evidence.points), max(evidence.cap_points))
        end as points
    from spans
    inner join evidence
        on
            spans.as_of_date = evidence.as_of_date
            and spans.lead_id = evidence.lead_id
            and evidence.valid_from <= spans.span_from
            and spans.span_from < evidence.valid_to
    where spans.span_to is not null
    group by 1, 2, 3, 4, 5
),

dimension_points as (
    select
        as_of_date,
        lead_id,
        span_from,
        {% for dimension in dimensions %}
        cast(greatest(least(
            coalesce(sum(case when maturity_dimension = '{{ dimension }}' then points end), 0), 100
        ), 0) * 1000 as bigint) as {{ dimension }}_milli{{ ',' if not loop.last }}
        {% endfor %}
    from rule_points
    group by as_of_date, lead_id, span_from
),

buying_spans as (
    select distinct spans.as_of_date, spans.lead_id, spans.span_from
    from spans
    inner join buying_evidence
        on
            spans.as_of_date = buying_evidence.as_of_date
            and spans.lead_id = buying_evidence.lead_id
            and buying_evidence.valid_from <= spans.span_from
            and spans.span_from < buying_evidence.valid_to
)

select
    spans.as_of_date,
    spans.lead_id,
    spans.span_from,
    spans.span_to,
    {% for dimension in dimensions %}
    coalesce(points.{{ dimension }}_milli, 0) as {{ dimension }}_milli,
    {% endfor %}
    buying_spans.lead_id is not null as has_buying_evidence
from spans
left join dimension_points as points
    on spans.as_of_date = points.as_of_date and spans.lead_id = points.lead_id and spans.span_from = points.span_from
left join buying_spans
    on
        spans.as_of_date = buying_spans.as_of_date
        and spans.lead_id = buying_spans.lead_id
        and spans.span_from = buying_spans.span_from
where spans.span_to is not null
