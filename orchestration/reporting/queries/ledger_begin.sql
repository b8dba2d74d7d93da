-- The first day-end that the ledger explains.
select min(as_of_date) as first_on from marts.fct_score_changes
