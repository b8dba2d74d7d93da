select
    as_of_date,
    lead_id,
    decision_stage,
    entered_on as stage_since_on
from {{ ref('int_maturity__stage_path') }}
where entered_on <= as_of_date and as_of_date < left_on
