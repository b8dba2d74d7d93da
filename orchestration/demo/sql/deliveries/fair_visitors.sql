-- One list per fair or summit; a column "<header>.serial" fills the cell of <header> with a bare number.
select participation_id as "编号", case when not coalesce(serial_only, false) then occurred_at end as "时间",
    case when serial_only then cast(date_diff('day', date '1899-12-30', cast(occurred_at as date)) as varchar) || '.'
        || lpad(cast((cast(epoch(occurred_at) as bigint) % 86400) * 10000000000 // 86400 as varchar), 10, '0') end as "时间.serial",
    event_ref as "活动编号", event_name as "活动名称", event_type as "环节", person_name as "姓名", company_name as "公司", job_title as "职位", email as "邮箱", phone as "手机", minutes as "时长(分钟)", campaign_ref as "市场活动"
from f_event_participations
where event_ref = getvariable('event') and (deliver_at is not null) = getvariable('is_late')
order by occurred_at, participation_id
