-- Every lead that differs, with both states.
select * from lead_changes
where is_score_milli or is_band or is_level or is_stage or is_status or is_rank or is_owner
order by abs(change_milli) desc, lead_id
