-- The tracker writes UTC.
select event_id, occurred_at - to_hours(8) as occurred_at, event_type, visitor_id, email, page_url, referrer_url, content_ref, duration_seconds, completion_pct, gap_days, search_text,
    utm_source, utm_medium, campaign_ref, user_agent, ip_address
from f_web_events where coalesce(deliver_at, occurred_at) >= getvariable('from_at') and coalesce(deliver_at, occurred_at) < getvariable('to_at')
order by occurred_at, event_id
