select download_id, strftime(occurred_at, '%Y-%m-%dT%H:%M:%S+08:00') as occurred_at, event_type, content_ref, visitor_id, email, completion_pct, campaign_ref
from f_content_downloads where occurred_at >= getvariable('from_at') and occurred_at < getvariable('to_at') order by f_content_downloads.occurred_at, download_id
