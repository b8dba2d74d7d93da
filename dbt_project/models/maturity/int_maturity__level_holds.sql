{{ hold_intervals(ref('int_maturity__level_spans'), ['as_of_date', 'lead_id', 'maturity_level']) }}
