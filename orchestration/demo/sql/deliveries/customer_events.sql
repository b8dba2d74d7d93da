select event_id, strftime(occurred_at, '%Y-%m-%d %H:%M:%S') as occurred_at, event_type, lead_ref, contact_ref, account_ref, amount_wan, score, note
from f_customer_events where occurred_at >= getvariable('from_at') and occurred_at < getvariable('to_at') order by f_customer_events.occurred_at, event_id
