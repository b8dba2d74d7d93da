select
    as_of_date, lead_id, 'high' as maturity_level, span_from, span_to,
    maturity_milli >= high_enter * 1000 and is_gate_open as is_entered,
    maturity_milli < high_leave * 1000 as is_below_leave,
    min_stay_days as stay_days
from {{ ref('int_maturity__maturity_spans') }}

union all

select
    as_of_date, lead_id, 'medium' as maturity_level, span_from, span_to,
    maturity_milli >= medium_enter * 1000 as is_entered,
    maturity_milli < medium_leave * 1000 as is_below_leave,
    min_stay_days as stay_days
from {{ ref('int_maturity__maturity_spans') }}
