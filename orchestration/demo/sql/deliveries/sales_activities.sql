select activity_id, coalesce(occurred_text, strftime(occurred_at, '%Y-%m-%d %H:%M:%S')) as began_at, activity_type, outcome, direction, rep_ref, actor_type, lead_ref, phone, account_ref, duration_seconds, subject, transcript, recording_ref
from f_sales_activities where occurred_at >= getvariable('from_at') and occurred_at < getvariable('to_at') order by occurred_at, activity_id
