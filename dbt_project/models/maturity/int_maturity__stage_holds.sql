{{ hold_intervals(ref('int_maturity__stage_spans'), ['as_of_date', 'lead_id', 'decision_stage', 'stage_order']) }}
