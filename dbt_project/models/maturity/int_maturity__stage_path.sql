-- The decision stage of a lead over time: of the stages held on a day the furthest one.
with

holds as (
    select as_of_date, lead_id, decision_stage, stage_order, held_from as valid_from, held_to as valid_to
    from {{ ref('int_maturity__stage_holds') }}
),

spans as (
    {{ spans_of('holds') }}
),

ranked as (
    select
        spans.*,
        holds.decision_stage,
        row_number() over (
            partition by spans.as_of_date, spans.lead_id, spans.span_from
            order by holds.stage_order desc
        ) as stage_rank
    from spans
    inner join holds
        on
            spans.as_of_date = holds.as_of_date
            and spans.lead_id = holds.lead_id
            and holds.valid_from <= spans.span_from
            and spans.span_from < holds.valid_to
    where spans.span_to is not null
),

furthest as (
    select
        ranked.*,
        case when
            lag(decision_stage) over (partition by as_of_date, lead_id order by span_from) = decision_stage
            and lag(span_to) over (partition by as_of_date, lead_id order by span_from) = span_from
            then 0 else 1
        end as starts_a_stage
    from ranked
    where stage_rank = 1
),

numbered as (
    select
        furthest.*,
        sum(starts_a_stage) over (partition by as_of_date, lead_id order by span_from rows unbounded preceding) as path_no
    from furthest
)

select
    as_of_date,
    lead_id,
    path_no,
    max(decision_stage) as decision_stage,
    min(span_from) as entered_on,
    max(span_to) as left_on
from numbered
group by as_of_date, lead_id, path_no
