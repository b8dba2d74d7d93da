select rep_id, rep_name, role, team, region, expertise, nullif(capacity, '0') as capacity, lower(replace(rep_id, '-', '')) || '@chengfan.example' as email,
    '021-5866' || lpad(cast(1000 + n as varchar), 4, '0') as phone, manager_ref, not (rep_id = 'R-19' and getvariable('to_at') > timestamp '2026-04-01') as is_active,
    strftime(date '2022-03-01' + cast(n * 31 as integer), '%Y-%m-%d') as hired_at, case when rep_id = 'R-19' and getvariable('to_at') > timestamp '2026-04-01' then '2026-03-31' end as left_at
from w_reps order by rep_id
