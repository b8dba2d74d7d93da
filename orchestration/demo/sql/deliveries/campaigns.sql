with everything as (
    select campaign_id, campaign_name, channel, product, cast(null as varchar) as content_ref, cast(cost_cny as bigint) as cost_cny, cast(started_on as timestamp) as started_at, cast(ended_on as timestamp) as ended_at from w_campaigns
    union all
    select 'CMP-' || event_id, event_name, case event_format when 'webinar' then '直播' else '展会' end, '会议营销云', null, cost_cny, cast(event_on as timestamp) - to_days(30), cast(event_on as timestamp) + to_days(days - 1) from events
)
select campaign_id as "活动编号", campaign_name as "活动名称", channel as "渠道", product as "产品", content_ref as "主推内容", cost_cny as "费用(元)", started_at as "开始日期", ended_at as "结束日期"
from everything where started_at < getvariable('to_at') order by campaign_id
