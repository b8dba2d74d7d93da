-- As the platform pushes them: epoch seconds, its own names.
select event_id as "MsgId", cast(epoch(occurred_at) as bigint) - 28800 as "CreateTime", event_type as "Event", wechat_account_id as "ToUserName", openid as "FromUserName", unionid as "UnionId",
    content_ref as "ArticleId", menu_name as "MenuName", case when scene is not null then 'qrscene_' || scene end as "EventKey", share_ref as "ShareRef", message as "Content"
from f_wechat_events where coalesce(deliver_at, occurred_at) >= getvariable('from_at') and coalesce(deliver_at, occurred_at) < getvariable('to_at')
order by occurred_at, event_id
