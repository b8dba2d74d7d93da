select event_id, strftime(occurred_at, '%Y-%m-%d %H:%M:%S') as event_time, message_channel as channel, event_type as event, email as recipient, phone as recipient_phone, message_ref as mailing, flow_ref as flow,
    content_ref as content, campaign_ref as campaign, link_url as link, is_auto_reply as auto_reply, user_agent
from f_message_events where occurred_at >= getvariable('from_at') and occurred_at < getvariable('to_at') order by f_message_events.occurred_at, event_id
