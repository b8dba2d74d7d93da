-- Dirt in events: late, future, repeated, unknown, unreadable, automatic.
alter table f_web_events add column deliver_at timestamp;
alter table f_form_submissions add column deliver_at timestamp;
alter table f_wecom_events add column deliver_at timestamp;
alter table f_sales_activities add column occurred_text varchar;
alter table f_sales_feedback add column given_text varchar;
alter table f_event_participations add column serial_only boolean;
create macro share_of_mille(id, purpose, mille) as pick(rnd(id, purpose), 0, 1000) < mille;
create macro late_window(t) as t between at_seconds(day_after(getvariable('last_day'), -75), 0) and at_seconds(day_after(getvariable('last_day'), -22), 0);

update f_web_events set deliver_at = occurred_at + to_days(cast(15 + pick(rnd(event_id, 'late'), 1, 7) as integer))
where late_window(occurred_at) and share_of_mille(event_id, 'late', 4) and event_id not like 'S%';
update f_form_submissions set deliver_at = submitted_at + to_days(20)
where late_window(submitted_at) and share_of_mille(submission_id, 'late', 12) and language = 'zh' and submission_id not like 'S%';
update f_wecom_events set deliver_at = occurred_at + to_days(18)
where late_window(occurred_at) and share_of_mille(event_id, 'late', 12) and event_id not like 'S%';
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select 'late_data', 'web_events', event_id, 'known_at', cast(deliver_at as varchar), 'late', 'ingest', 'delivered weeks later', null from f_web_events where deliver_at is not null
union all select 'late_data', 'form_submissions', submission_id, 'known_at', cast(deliver_at as varchar), 'late', 'ingest', 'delivered weeks later', null from f_form_submissions where deliver_at is not null
union all select 'late_data', 'wecom_events', event_id, 'known_at', cast(deliver_at as varchar), 'late', 'ingest', 'delivered weeks later', null from f_wecom_events where deliver_at is not null
union all select 'late_data', 'event_participations', participation_id, 'known_at', cast(deliver_at as varchar), 'late', 'ingest', 'story 10: a list sent two months after the fair', null
    from f_event_participations where deliver_at is not null;

-- Clocks that run ahead; the delivery is the one of the day.
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select 'future_event', 'web_events', event_id, 'occurred_at', cast(occurred_at + to_days(400) as varchar), 'quarantine', 'CLN-102', 'a clock that runs a year ahead', null
from f_web_events where share_of_mille(event_id, 'future', 1) and event_id like 'p%' and deliver_at is null and event_type = 'page_view' and occurred_at < timestamp '2026-10-01';
update f_web_events set deliver_at = occurred_at, occurred_at = occurred_at + to_days(400) where event_id in (select record_id from planted where defect_kind = 'future_event');
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select 'future_event', 'wechat_events', event_id, 'occurred_at', cast(occurred_at as varchar), 'quarantine', 'CLN-103', 'a clock that runs ahead', null
from (select event_id, occurred_at + to_days(500) as occurred_at from f_wechat_events where share_of_mille(event_id, 'future', 1) and event_type = 'article_read' and event_id like 'X%');
alter table f_wechat_events add column deliver_at timestamp;
update f_wechat_events set deliver_at = occurred_at, occurred_at = occurred_at + to_days(500) where event_id in (select record_id from planted where defect_kind = 'future_event');

-- Words that no rule knows.
update f_web_events set event_type = 'heatmap_scroll' where event_id like 'a%' and event_type = 'page_view' and share_of_mille(event_id, 'unknown', 1);
update f_wechat_events set event_type = 'LOCATION' where event_id like 'X%' and event_type = 'menu_click' and share_of_mille(event_id, 'unknown', 8);
update f_wecom_events set event_type = 'change_external_tag' where event_id like 'Q%' and event_type = 'message_sent' and share_of_mille(event_id, 'unknown', 5);
update f_message_events set event_type = 'soft_bounced' where event_type = 'delivered' and event_id like 'NL%' and share_of_mille(event_id, 'unknown', 1);
update f_sales_activities set outcome = 'voicemail' where outcome = 'no_answer' and share_of_mille(activity_id, 'unknown', 4);
update f_sales_feedback set reject_reason = '客户太远' where outcome = 'rejected' and feedback_id like 'FB%' and share_of_mille(feedback_id, 'unknown', 60);
update f_consents set consent_status = 'unknown' where consent_id like 'KF%' and share_of_mille(consent_id, 'unknown', 4);
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select 'unknown_word', 'web_events', event_id, 'event_type', event_type, 'quarantine', 'CLN-181', '', null from f_web_events where event_type = 'heatmap_scroll'
union all select 'unknown_word', 'wechat_events', event_id, 'event_type', event_type, 'quarantine', 'CLN-182', '', null from f_wechat_events where event_type = 'LOCATION'
union all select 'unknown_word', 'wecom_events', event_id, 'event_type', event_type, 'quarantine', 'CLN-183', '', null from f_wecom_events where event_type = 'change_external_tag'
union all select 'unknown_word', 'message_events', event_id, 'event_type', event_type, 'quarantine', 'CLN-186', '', null from f_message_events where event_type = 'soft_bounced'
union all select 'unknown_word', 'sales_activities', activity_id, 'outcome', outcome, 'quarantine', 'CLN-189', '', null from f_sales_activities where outcome = 'voicemail'
union all select 'unknown_word', 'sales_feedback', feedback_id, 'reject_reason', reject_reason, 'flag', 'CLN-166', '', null from f_sales_feedback where reject_reason = '客户太远'
union all select 'unknown_word', 'consents', consent_id, 'consent_status', consent_status, 'quarantine', 'CLN-168', '', null from f_consents where consent_status = 'unknown';

-- Unreadable and absurd values.
update f_sales_activities set occurred_text = '2026/02/30 25:10' where activity_id like 'C%' and share_of_mille(activity_id, 'unreadable', 2);
update f_sales_feedback set given_text = '上周' where feedback_id like 'FB%' and share_of_mille(feedback_id, 'unreadable', 6);
update f_content_downloads set completion_pct = 250 where event_type = 'read_online' and share_of_mille(download_id, 'absurd', 8) and download_id like 'R%';
update f_event_participations set minutes = 6000 where event_type = 'attended_live' and share_of_mille(participation_id, 'absurd', 8) and participation_id like 'WB%';
update f_crm_accounts set credit_code = substr(credit_code, 1, 15) || '未知' where credit_code is not null and share_of_mille(account_id, 'absurd', 8);
update f_crm_opportunities set fixed_stage = '灰色' where stalls and fixed_stage is null and share_of_mille(opportunity_id, 'absurd', 90);
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select 'unparsable_date', 'sales_activities', activity_id, 'occurred_at', occurred_text, 'rejected', 'ingest', 'a required date', null from f_sales_activities where occurred_text is not null
union all select 'unparsable_date', 'sales_feedback', feedback_id, 'given_at', given_text, 'rejected', 'ingest', 'a required date', null from f_sales_feedback where given_text is not null
union all select 'absurd_value', 'content_downloads', download_id, 'completion_pct', '250', 'flag', 'CLN-154', '', null from f_content_downloads where completion_pct = 250
union all select 'absurd_value', 'event_participations', participation_id, 'minutes', '6000', 'flag', 'CLN-155', '', null from f_event_participations where minutes = 6000
union all select 'absurd_value', 'crm_accounts', account_id, 'credit_code', credit_code, 'flag', 'CLN-234', '', null from f_crm_accounts where credit_code like '%未知'
union all select 'unknown_word', 'crm_opportunities', opportunity_id, 'stage', fixed_stage, 'quarantine', 'CLN-162', 'a stage that the connection does not map', null from f_crm_opportunities where fixed_stage = '灰色';

-- Excel shows a number where a date was pasted as a value.
update f_event_participations set serial_only = true where event_format = 'offline' and participation_id like 'EV%' and share_of_mille(participation_id, 'serial', 20);
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select 'excel_serial_date', 'event_participations', participation_id, 'occurred_at', cast(occurred_at as varchar), 'normalised', '', 'a serial number without date format', null from f_event_participations where serial_only;

-- Spam in forms, a crawler on the site, people who write us twice to the letter.
insert into f_form_submissions by name
select 'SPAM-' || i as submission_id, at_seconds(day_after(getvariable('first_day'), 40 + pick(rnd(i, 'spam'), 0, getvariable('window_days') - 60)), 8000 + i) as submitted_at, '联系我们' as form_name,
    'contact_us' as form_purpose, 'vspam' || i as visitor_id, 'promo' || i || '@bulk-seo.example' as email, 'Rank King' as person_name, 'Rank King SEO' as company_name,
    variant(i, ['代开发票，税点低，加微信', 'We sell seo services and guest post packages', '博彩网站推广，日结', 'casino bonus http://a.example http://b.example http://c.example']) as message,
    page_url('/contact', 'zh') as page_url, false as consent_given, 'zh' as language
from generate_series(1, getvariable('dirt')) g(i);
insert into f_web_events by name
select 'crawl-' || i as event_id, at_seconds(day_after(getvariable('first_day'), (i // 30) * 60), 10000 + 5 * i) as occurred_at, 'page_view' as event_type, 'vcrawler0001' as visitor_id,
    page_url(p.path, 'zh') as page_url, 'Mozilla/5.0 (compatible; DemoCrawler/2.1; +http://crawler.example/bot)' as user_agent, '100.64.0.9' as ip_address
from generate_series(0, 149) g(i) join w_pages p on p.n = i % 32;
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select 'spam_form', 'form_submissions', submission_id, 'message', message, 'rejected', 'CLN-231', '', null from f_form_submissions where submission_id like 'SPAM%'
union all select 'crawler', 'web_events', event_id, 'user_agent', user_agent, 'automatic', 'CLN-251', '', null from f_web_events where event_id like 'crawl-%'
union all select 'mail_scanner', 'message_events', event_id, 'user_agent', user_agent, 'automatic', case when user_agent like '%Barracuda%' then 'CLN-252' else 'CLN-253' end, 'story 14', null
    from f_message_events where event_id like 'EDM-20261118-%clicked%'
union all select 'auto_reply', 'message_events', event_id, 'is_auto_reply', 'true', 'automatic', 'CLN-254', '', null from f_message_events where is_auto_reply
union all select 'placeholder_person', 'form_submissions', submission_id, 'person_name', person_name, 'quarantine', 'CLN-041', 'story 13', null from f_form_submissions where submission_id like 'S13%'
union all select 'share_loop', 'share_links', share_event_id, 'parent_share_ref', parent_share_ref, 'kept', '', 'story 12: a loop', null from f_share_links where share_event_id in ('S12-L1', 'S12-L2')
union all select 'missing_parent', 'share_links', share_event_id, 'parent_share_ref', parent_share_ref, 'kept', '', 'story 12: the parent was never delivered', null from f_share_links where share_event_id = 'S12-L3';

insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select 'repeated_event', 'web_events', event_id, '', '', 'duplicate', 'ingest', 'twice to the letter in one file', null from f_web_events where share_of_mille(event_id, 'twice', 1) and event_id like 'p%' and deliver_at is null
union all select 'repeated_event', 'wechat_events', event_id, '', '', 'duplicate', 'ingest', 'the platform retries', null from f_wechat_events where share_of_mille(event_id, 'twice', 6) and event_id like 'X%' and deliver_at is null
union all select 'repeated_event', 'message_events', event_id, '', '', 'duplicate', 'ingest', 'twice to the letter in one file', null from f_message_events where share_of_mille(event_id, 'twice', 1) and event_id like 'INV%';
insert into f_web_events select * from f_web_events where event_id in (select record_id from planted where defect_kind = 'repeated_event' and feed = 'web_events');
insert into f_wechat_events select * from f_wechat_events where event_id in (select record_id from planted where defect_kind = 'repeated_event' and feed = 'wechat_events');
insert into f_message_events select * from f_message_events where event_id in (select record_id from planted where defect_kind = 'repeated_event' and feed = 'message_events');

-- The night after the last business day: known after the cut-off, it belongs to the next day.
insert into f_web_events by name
select 'n9-' || i as event_id, at_seconds(day_after(getvariable('last_day'), 1), 600 + i * 1500) as occurred_at, 'page_view' as event_type, 'vnight' || (i % 4) as visitor_id,
    page_url(p.path, 'zh') as page_url, 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0' as user_agent
from generate_series(1, 12) g(i) join w_pages p on p.n = i;
