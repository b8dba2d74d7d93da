select event_id, cast(epoch(occurred_at) as bigint) - 28800 as event_time, event_type as change_type, corp_id, external_userid, unionid, rep_ref as user_id, added_by, content_ref as material_id, group_name as chat_name, message as text
from f_wecom_events where coalesce(deliver_at, occurred_at) >= getvariable('from_at') and coalesce(deliver_at, occurred_at) < getvariable('to_at')
order by occurred_at, event_id
