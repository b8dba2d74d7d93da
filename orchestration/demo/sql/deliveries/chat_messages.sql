select message_id, strftime(sent_at, '%Y-%m-%dT%H:%M:%S+08:00') as sent_at, conversation_ref as conversation, sender_side as sender, visitor_id, rep_ref as agent, message as text, page_url as page
from f_chat_messages where sent_at >= getvariable('from_at') and sent_at < getvariable('to_at') order by f_chat_messages.sent_at, message_id
