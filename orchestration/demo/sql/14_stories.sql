-- The named leads: rows written by hand in stories/*.csv (table s_<feed>), the long reading list and the mail scanner drawn here.
insert into f_crm_accounts by name
select * exclude (story), cast(null as timestamp) as won_at from s_crm_accounts;
insert into f_crm_leads by name
select * exclude (story, owner_ref, crm_status), owner_ref as sdr_rep, owner_ref as sales_rep, crm_status as status_text from s_crm_leads;
insert into f_crm_opportunities by name
select opportunity_id, opportunity_name, lead_ref, account_ref, cast(amount_wan as bigint) as amount_wan, product, owner_ref,
    cast(created_at as timestamp) as opened_at, cast('9999-12-31' as timestamp) as proposal_at, stage as fixed_stage, cast(probability_pct as bigint) as fixed_probability, true as stalls
from s_crm_opportunities;
insert into f_form_submissions by name select * exclude (story) from s_form_submissions;
insert into f_web_events by name select * exclude (story) from s_web_events;
insert into f_wechat_events by name select * exclude (story) from s_wechat_events;
insert into f_wecom_events by name select * exclude (story) from s_wecom_events;
insert into f_event_participations by name
select s.* exclude (story), e.event_name, e.event_format, 'CMP-' || s.event_ref as campaign_ref from s_event_participations s join events e on e.event_id = s.event_ref;
insert into f_content_downloads by name select * exclude (story) from s_content_downloads;
insert into f_message_events by name select * exclude (story) from s_message_events;
insert into f_share_links by name select * exclude (story) from s_share_links;
insert into f_sales_activities by name select * exclude (story), 'person' as actor_type from s_sales_activities;
insert into f_sales_feedback by name select * exclude (story) from s_sales_feedback;
insert into f_lead_operations by name select * exclude (story) from s_lead_operations;
insert into f_consents by name select * exclude (story) from s_consents;
insert into f_company_registry by name select * exclude (story) from s_company_registry;

-- Story 2: forty articles, six webinars and five whitepapers within a month, and no wish to buy.
insert into f_wechat_events by name
select 'S02-X' || i as event_id, at_seconds(day_after(date '2026-10-21', (i - 1) * 28 // 40), 72000 + 37 * i) as occurred_at, 'article_read' as event_type,
    'gh_chengfan_news' as wechat_account_id, 'o-story-02' as openid, 'u-story-02' as unionid, a.content_id as content_ref
from generate_series(1, 40) g(i) join article_slots a on a.slot = i % a.slots;
insert into f_event_participations by name
select 'S02-' || e.event_id || '-' || t.step as participation_id,
    at_seconds(day_after(e.event_on, case t.step when 'r' then -2 else 0 end), case t.step when 'r' then 73000 else 54060 end) as occurred_at,
    e.event_id as event_ref, e.event_name, e.event_format, case t.step when 'r' then 'registered' else 'attended_live' end as event_type,
    'sunyue.demo0201@163.com' as email, '孙悦' as person_name, '江城理工大学' as company_name, '研究生' as job_title,
    case t.step when 'a' then 58 end as minutes, 'CMP-' || e.event_id as campaign_ref
from events e, (select unnest(['r', 'a']) as step) t
where e.event_format = 'webinar' and e.event_on between date '2026-10-22' and date '2026-11-17';
insert into f_content_downloads by name
select 'S02-D' || i as download_id, at_seconds(day_after(date '2026-10-21', (i - 1) * 6), 72600) as occurred_at, 'download' as event_type,
    'C00' || i as content_ref, 'v-story-02' as visitor_id, 'sunyue.demo0201@163.com' as email
from generate_series(1, 5) g(i);

-- Story 14: a newsletter whose every link is opened within two seconds at sixty addresses; some scanners say who they are.
create table scanned as
select row_number() over (order by rnd(email, 'scanner')) as scanned_no, email, lead_id
from f_crm_leads
where email like '%.example' and email not like '%@%chengfan%' and person_no is not null
  and created_at < timestamp '2026-11-10' and opted_out_at is null
qualify scanned_no <= 200;
insert into f_message_events by name
select 'EDM-20261118-' || scanned_no || '-sent' as event_id, timestamp '2026-11-18 10:00:00' as occurred_at, 'email' as message_channel, 'sent' as event_type,
    email, 'EDM-20261118' as message_ref, 'C031' as content_ref, 'CMP-NEWS' as campaign_ref from scanned
union all by name
select 'EDM-20261118-' || scanned_no || '-delivered' as event_id, timestamp '2026-11-18 10:00:02' as occurred_at, 'email' as message_channel, 'delivered' as event_type,
    email, 'EDM-20261118' as message_ref, 'C031' as content_ref, 'CMP-NEWS' as campaign_ref from scanned
union all by name
select 'EDM-20261118-' || scanned_no || '-clicked' || i as event_id, timestamp '2026-11-18 10:00:03' + to_seconds(cast(i // 3 as bigint)) as occurred_at,
    'email' as message_channel, 'clicked' as event_type, email, 'EDM-20261118' as message_ref, 'C031' as content_ref, 'CMP-NEWS' as campaign_ref,
    'https://www.chengfan.example/library/c' || lpad(cast(30 + i as varchar), 3, '0') as link_url,
    case when scanned_no <= 40 then 'Mozilla/5.0 (compatible; BarracudaCentral; link check)' else 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0' end as user_agent
from scanned, generate_series(0, 5) g(i) where scanned_no <= 60;
