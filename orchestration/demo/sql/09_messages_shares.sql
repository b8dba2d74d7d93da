-- Mailings: a newsletter a month, an invitation per webinar, three SMS reminders; reactions follow the need.
create table mailings as
select 'NL-' || strftime(d, '%Y%m') as message_ref, 'email' as message_channel, at_seconds(next_work, 36000) as sent_at, 38 as audience_pct,
    'CMP-NEWS' as campaign_ref, ['C001', 'C010', 'C031', 'C047'][1 + cast(month(d) as integer) % 4] as content_ref
from days where day(d) = 11 and d between getvariable('first_day') and day_after(getvariable('last_day'), -3)
union all
select 'INV-' || event_id, 'email', at_seconds(d.next_work, 37800), 22, 'CMP-' || event_id, 'C058'
from events join days d on d.d = day_after(event_on, -8)
where event_format = 'webinar' and day_after(event_on, -8) between getvariable('first_day') and day_after(getvariable('last_day'), -3)
union all
select 'SMS-' || event_id, 'sms', at_seconds(day_after(event_on, -1), 54000), 9, 'CMP-' || event_id, 'C058'
from events where event_format = 'offline' and days > 1
    and day_after(event_on, -1) between getvariable('first_day') and getvariable('last_day');

create table messages_generated as
with sends as materialized (
    select m.*, p.person_no, p.need, rnd(p.person_no || ':' || m.message_ref, 'mailing') as r
    from mailings m join lead_people p
        on p.created_at < m.sent_at and p.kind <> 'own'
        and case m.message_channel when 'email' then p.email else p.mobile end is not null
    where pick(rnd(p.person_no || ':' || m.message_ref, 'mailing'), 0, 100) < m.audience_pct
),
left_on as (
    select person_no, message_channel, min(sent_at) as left_at from sends where pick(r, 1, 1000) < case when need < 45 then 8 else 3 end group by all
),
bounced_on as (
    select person_no, min(sent_at) as bounced_at from sends where message_channel = 'email' and pick(rnd(person_no, 'mailbox'), 0, 100) < 2 group by person_no
),
kept as materialized (
    select s.*, s.sent_at = l.left_at as leaves, s.sent_at = b.bounced_at as bounces
    from sends s left join left_on l using (person_no, message_channel) left join bounced_on b using (person_no)
    where s.sent_at <= coalesce(l.left_at, s.sent_at) and (s.message_channel = 'sms' or s.sent_at <= coalesce(b.bounced_at, s.sent_at))
),
reached as (select * from kept where coalesce(bounces, false) = false or message_channel = 'sms'),
everything as (
    select 'sent' as event_type, person_no, message_ref, sent_at as occurred_at, 0 as n from kept
    union all select 'hard_bounced', person_no, message_ref, sent_at + to_seconds(4), 0 from kept where bounces and message_channel = 'email'
    union all select 'delivered', person_no, message_ref, sent_at + to_seconds(2 + pick(r, 2, 60)), 0 from reached
    union all select 'opened', person_no, message_ref, sent_at + to_seconds(300 + pick(r, 3, 90000)), 0 from reached
        where message_channel = 'email' and pick(r, 4, 100) < 16 + need // 6
    union all select 'clicked', person_no, message_ref, sent_at + to_seconds(330 + pick(r, 3, 90000)), 1 from reached
        where pick(r, 4, 100) < 16 + need // 6 and pick(r, 5, 100) < 6 + need // 6
    union all select 'replied', person_no, message_ref, sent_at + to_seconds(20 + pick(r, 6, 80)), 2 from reached
        where message_channel = 'email' and pick(r, 7, 1000) < 8
    union all select 'replied', person_no, message_ref, sent_at + to_seconds(3000 + pick(r, 6, 80000)), 3 from reached
        where message_channel = 'email' and pick(r, 7, 1000) >= 998 - need // 20
    union all select case message_channel when 'sms' then 'opted_out' else 'unsubscribed' end, person_no, message_ref, sent_at + to_seconds(900 + pick(r, 6, 40000)), 0
        from reached where leaves
)
select e.message_ref || '-' || e.person_no || '-' || e.event_type || e.n as event_id, e.occurred_at, m.message_channel, e.event_type, e.person_no,
    e.message_ref, m.content_ref, m.campaign_ref,
    case when e.event_type = 'clicked' then 'https://www.chengfan.example/library/' || lower(m.content_ref) end as link_url,
    case when e.event_type = 'replied' then e.n = 2 end as is_auto_reply,
    case when e.event_type in ('opened', 'clicked') then 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Outlook/16.0' end as user_agent
from everything e join mailings m using (message_ref)
where e.occurred_at < cast(day_after(getvariable('last_day'), 1) as timestamp);

-- Tracked posters: a root by an employee or a customer, shared on up to four times.
create table shares_generated as
with roots as materialized (
    select s, rnd(s, 'share root') as r, 1 + pick(rnd(s, 'share root'), 0, 4) as depth
    from generate_series(1, greatest(6, getvariable('leads') // 30)) g(s)
),
followers as (select person_no, row_number() over (order by person_no) - 1 as slot, count(*) over () as slots from people where has_wechat),
links as materialized (
    select *, rnd(s || ':' || hop, 'share') as h from (select *, unnest(generate_series(0, depth)) as hop from roots)
),
placed as materialized (
    select l.*, f.person_no as sharer, 'SH' || lpad(cast(s as varchar), 5, '0') || '-' || hop as share_ref,
        case when hop > 0 then 'SH' || lpad(cast(s as varchar), 5, '0') || '-' || (hop - 1) end as parent_share_ref,
        at_seconds(day_after(getvariable('first_day'), 70 + pick(r, 1, greatest(1, getvariable('window_days') - 90))), any_seconds(r, 2))
            + to_hours(7 * hop) + to_seconds(pick(h, 1, 30000)) as shared_at,
        hop = 0 and pick(r, 3, 100) < 60 as by_employee, ['C001', 'C058', 'C031', 'C003'][1 + pick(r, 4, 4)] as content_ref
    from (select *, pick(h, 0, (select count(*) from people where has_wechat)) as slot from links) l join followers f using (slot)
),
opens as (select *, unnest(generate_series(1, pick(h, 2, 6))) as o from placed)
select share_ref || '-p' as share_event_id, shared_at as occurred_at, 'poster_shared' as event_type, share_ref, parent_share_ref, content_ref,
    case when by_employee then 'employee' else 'customer' end as sharer_kind,
    case when by_employee then ['R-61', 'R-62', 'R-11', 'R-22', 'R-31'][1 + pick(h, 3, 5)] end as sharer_rep_ref,
    case when not by_employee then sharer end as person_no, null as note
from placed
union all
select share_ref || '-o' || o, shared_at + to_seconds(600 * o + pick(h, 4, 5000)), 'link_opened_by_others', share_ref, parent_share_ref, content_ref,
    case when by_employee then 'employee' else 'customer' end, case when by_employee then ['R-61', 'R-62', 'R-11', 'R-22', 'R-31'][1 + pick(h, 3, 5)] end,
    case when not by_employee then sharer end, null
from opens
union all
select 'RF' || person_no, created_at - to_seconds(1800), case source when 'partner' then 'partner_registered_deal' else 'referred_by_customer' end,
    'SHR' || person_no, null, null, case source when 'partner' then 'partner' else 'customer' end, null, person_no,
    case source when 'partner' then '渠道伙伴报备' else '老客户推荐' end
from lead_people where source in ('referral', 'partner')
union all
select 'RC' || person_no, created_at + to_hours(300), 'refers_colleague', 'SHC' || person_no, null, null, 'customer', null, person_no, '引荐了同事'
from lead_people where people > 2 and seat = 1 and need >= 55 and created_at < cast(day_after(getvariable('last_day'), -14) as timestamp);
delete from shares_generated where occurred_at >= day_after(getvariable('last_day'), 1);

-- Consent: asked in forms, withdrawn with an opt-out.
create table consents_generated as
select 'K' || submission_id as consent_id, submitted_at as given_at, person_no, case when phone is not null and email is null then 'call' else 'email' end as consent_channel,
    'marketing' as purpose, 'given' as consent_status, 'web form' as source, submission_id as proof
from forms_generated where consent_given and form_kind in ('first', 'raise', 'news')
union all
select 'KW' || event_id, occurred_at, person_no, message_channel, 'marketing', 'withdrawn', 'opt-out link', event_id
from messages_generated where event_type in ('unsubscribed', 'opted_out');
