select participation_id, strftime(occurred_at, '%Y-%m-%d %H:%M:%S') as event_time, event_ref as webinar_id, event_name as webinar_name, event_type as action, email, phone, unionid, person_name, company_name, job_title,
    minutes, question, campaign_ref
from f_event_participations
where event_ref = getvariable('event') and (deliver_at is not null) = getvariable('is_late')
order by occurred_at, participation_id
