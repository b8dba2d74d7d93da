-- The event feeds as the systems deliver them: each with the identity keys that its system knows, and no others.
create macro maybe(value, id, purpose, pct) as case when pick(rnd(id, purpose), 0, 100) < pct then value end;

create table f_web_events as
select w.event_id, w.occurred_at, w.event_type, w.visitor_id, cast(null as varchar) as email, w.page_url, w.referrer_url, w.content_ref,
    w.duration_seconds, w.completion_pct, w.gap_days, w.search_text, w.utm_source, w.utm_medium, w.campaign_ref, w.user_agent, w.ip_address
from web_generated w
union all
-- The trial knows the mail address, not the browser.
select 'tr' || t.person_no || '-' || t.n, t.login_at, case when t.n > 1 and pick(t.q, 1, 100) < 10 + t.need // 2 then 'trial_key_action' else 'trial_login' end,
    null, t.email, null, null, null, null, null, null, null, null, null, null, null, null
from (
    select f.person_no, p.need, p.email, n, rnd(f.person_no || ':' || n, 'trial') as q,
        f.submitted_at + to_seconds(3600 * (n - 1) * (18 + pick(rnd(f.person_no || ':' || n, 'trial'), 0, 60)) + 1800) as login_at
    from (select *, unnest(generate_series(1, pick(rnd(person_no, 'logins'), 0, 7))) as n from forms_generated where form_purpose = 'trial_request') f
    join lead_people p using (person_no)
    where p.email is not null
) t where t.login_at < cast(day_after(getvariable('last_day'), 1) as timestamp)
union all
select 'te' || f.submission_id, f.submitted_at + to_days(15), 'trial_expired_unused', null, f.email, null, null, null, null, null, null, null, null, null, null, null, null
from forms_generated f
where form_purpose = 'trial_request' and pick(rnd(person_no, 'logins'), 0, 7) = 0 and email is not null
  and f.submitted_at + to_days(15) < cast(day_after(getvariable('last_day'), 1) as timestamp);

create table f_form_submissions as
select submission_id, submitted_at, form_name, case when pick(rnd(submission_id, 'purpose'), 0, 100) < 70 then form_purpose end as form_purpose,
    visitor_id, email, phone, wechat_account_id, openid, unionid, person_name, company_name, job_title, department, province, city, industry_text,
    headcount, product_interest, cast(budget_wan as varchar) as budget_wan, purchase_timeline, message, content_ref, page_url, campaign_ref, utm_source, utm_medium,
    cast(null as varchar) as utm_content, consent_given, language
from forms_generated;

create table f_wechat_events as
select w.event_id, w.occurred_at, w.event_type, p.wechat_account_id, p.openid, maybe(p.unionid, w.person_no, 'unionid known', 78) as unionid,
    w.content_ref, w.menu_name, w.scene, cast(null as varchar) as share_ref, w.message
from wechat_generated w join lead_people p using (person_no)
union all
select 'X2' || event_id, occurred_at + to_seconds(3), event_type, 'gh_chengfan_news', 'oN' || substr(rnd(person_no, 'openid news'), 1, 26), p.unionid, w.content_ref, null, null, null, null
from wechat_generated w join lead_people p using (person_no)
where event_type = 'article_read' and p.wechat_account_id = 'gh_chengfan_service' and pick(rnd(person_no, 'two accounts'), 0, 100) < 12;

create table f_wecom_events as
select w.event_id, w.occurred_at, w.event_type, p.corp_id, p.external_userid, maybe(p.unionid, w.person_no, 'wecom unionid', 60) as unionid, w.rep_ref, w.added_by,
    w.content_ref, w.group_name, w.message
from wecom_generated w join lead_people p using (person_no);

create table f_event_participations as
select g.participation_id, g.occurred_at, g.event_ref, e.event_name, e.event_format, g.event_type,
    case when e.event_format = 'webinar' or pick(rnd(g.person_no, 'card'), 0, 100) < 60 then p.email end as email,
    case when e.event_format = 'offline' or p.email is null then coalesce(p.mobile, p.phone) end as phone,
    case when e.event_format = 'webinar' then maybe(p.unionid, g.person_no, 'live unionid', 40) end as unionid,
    p.person_name, p.account_name as company_name, p.job_title, g.minutes, g.question, 'CMP-' || g.event_ref as campaign_ref, cast(null as timestamp) as deliver_at
from participations_generated g
join events e on e.event_id = g.event_ref
join lead_people p using (person_no);

create table f_content_downloads as
select download_id, occurred_at, event_type, content_ref, visitor_id, email, completion_pct, campaign_ref from downloads_generated;

create table f_message_events as
select m.event_id, m.occurred_at, m.message_channel, m.event_type, case when m.message_channel = 'email' then p.email end as email,
    case when m.message_channel = 'sms' then p.mobile end as phone, m.message_ref, cast(null as varchar) as flow_ref, m.content_ref, m.campaign_ref, m.link_url,
    m.is_auto_reply, m.user_agent
from messages_generated m join lead_people p using (person_no);

create table f_chat_messages as
select message_id, sent_at, conversation_ref, sender_side, visitor_id, rep_ref, message, page_url from chats_generated;

create table f_surveys as
select s.answer_id, s.answered_at, s.survey_ref, p.email, case when p.email is null then coalesce(p.mobile, p.phone) end as phone, s.question, s.answer, s.score
from surveys_generated s join lead_people p using (person_no);

create table f_share_links as
select s.share_event_id, s.occurred_at, s.event_type, s.share_ref, s.parent_share_ref, s.content_ref, s.sharer_kind, s.sharer_rep_ref,
    case when s.event_type in ('poster_shared', 'link_opened_by_others') then p.openid end as openid,
    case when s.event_type in ('poster_shared', 'link_opened_by_others') then p.wechat_account_id end as wechat_account_id,
    case when s.event_type in ('poster_shared', 'link_opened_by_others') then p.unionid end as unionid,
    case when s.event_type not in ('poster_shared', 'link_opened_by_others') then p.lead_id end as lead_ref,
    case when s.event_type not in ('poster_shared', 'link_opened_by_others') and p.lead_id is null then coalesce(p.mobile, p.phone) end as phone,
    s.note
from shares_generated s left join lead_people p using (person_no);

create table f_sales_activities as
with everything as (
    select c.activity_id, c.called_at as occurred_at, 'call' as activity_type, c.outcome, case when c.outcome in ('inbound', 'missed_inbound') then 'inbound' else 'outbound' end as direction,
        c.rep_ref, c.person_no, c.duration_seconds, '电话沟通' as subject, t.transcript, case when t.transcript is not null then 'rec/' || c.activity_id || '.wav' end as recording_ref
    from calls c left join call_transcripts t using (activity_id)
    union all
    select activity_id, met_at, 'meeting', outcome, 'outbound', rep_ref, person_no, case when outcome in ('online_held', 'onsite_held') then duration_seconds else 0 end, '方案沟通会', null, null from meetings
    union all
    select activity_id, sent_at, activity_type, outcome, case outcome when 'inbound' then 'inbound' else 'outbound' end, rep_ref, person_no, null,
        case activity_type when 'email' then '资料与方案' end, null, null from rep_messages
)
select e.activity_id, e.occurred_at, e.activity_type, e.outcome, e.direction, e.rep_ref,
    case e.rep_ref when 'R-06' then 'outsourcer' else 'person' end as actor_type, p.lead_id as lead_ref,
    case when p.lead_id is null then coalesce(p.mobile, p.phone) end as phone, p.account_id as account_ref,
    e.duration_seconds, e.subject, e.transcript, e.recording_ref
from everything e join lead_people p using (person_no);

create table f_sales_feedback as select * from feedback_generated;

create table f_customer_events as
select c.event_id, c.occurred_at, c.event_type, p.lead_id as lead_ref, 'T' || substr(p.lead_id, 2) as contact_ref, p.account_id as account_ref, c.amount_wan, c.score, c.note
from customer_events_generated c join lead_people p using (person_no);

create table f_consents as
select k.consent_id, k.given_at, p.email, case when p.email is null then coalesce(p.mobile, p.phone) end as phone, k.consent_channel, k.purpose, k.consent_status, k.source, k.proof
from consents_generated k join lead_people p using (person_no)
union all
select 'KD' || f.activity_id, c.called_at + to_seconds(c.duration_seconds), p.email, coalesce(p.mobile, p.phone), 'call', 'marketing', 'do_not_contact', 'call', f.activity_id
from call_facts f join calls c using (activity_id) join lead_people p on p.person_no = c.person_no where f.fact_kind = 'do_not_call';

create table f_lead_operations as select * from operations_generated;
