select share_event_id, strftime(occurred_at, '%Y-%m-%dT%H:%M:%S+08:00') as occurred_at, event_type, share_ref, parent_share_ref, content_ref, sharer_kind, sharer_rep_ref, wechat_account_id, openid, unionid, lead_ref, phone, note
from f_share_links where occurred_at >= getvariable('from_at') and occurred_at < getvariable('to_at') order by f_share_links.occurred_at, share_event_id
