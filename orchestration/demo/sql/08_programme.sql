-- Trade fairs, summits and webinars: who signs up, who comes, who talks.
create table invitations as
with candidates as materialized (
    select p.person_no, p.need, p.activity, e.event_id, e.event_on, e.days, e.event_format,
        rnd(p.person_no || ':' || e.event_id, 'participation') as r, p.source_event_id = e.event_id as is_source
    from people p join events e
        on e.event_on between getvariable('first_day') and getvariable('last_day')
        and (p.source_event_id = e.event_id or e.event_on between p.first_on and day_after(p.first_on, p.span_days + 60))
)
select *, case when event_format = 'offline' and days > 1 then day_after(event_on, pick(r, 1, days)) else event_on end as there_on
from candidates
where coalesce(is_source, false)
   or pick(r, 0, 100) < case when event_format = 'offline' then 1 else 0 end
        + case activity when 'hot' then 16 when 'warm' then 12 when 'moderate' then 7 else 2 end;

create table participations_generated as
with webinar as (select * from invitations where event_format = 'webinar'),
summit as (select * from invitations where event_format = 'offline' and days = 1),
fair as (select * from invitations where event_format = 'offline' and days > 1),
steps as (
    select 'registered' as event_type, event_id, person_no, at_seconds(day_after(event_on, -cast(1 + pick(r, 2, 9) as integer)), any_seconds(r, 3)) as occurred_at,
        null as minutes, null as question, 'r' as step from webinar
    union all select 'attended_live', event_id, person_no, at_seconds(event_on, 54000 + pick(r, 4, 600)), 5 + pick(r, 5, 62), null, 'a' from webinar where pick(r, 6, 100) < 40 + need // 4
    union all select 'no_show', event_id, person_no, at_seconds(event_on, 61200), null, null, 'n' from webinar where pick(r, 6, 100) >= 40 + need // 4
    union all select 'attended_replay', event_id, person_no, at_seconds(day_after(event_on, 1 + pick(r, 4, 6)), any_seconds(r, 5)), 4 + pick(r, 5, 50), null, 'p'
        from webinar where pick(r, 6, 100) >= 40 + need // 4 and pick(r, 7, 100) < 30
    union all select 'question_asked', event_id, person_no, at_seconds(event_on, 56400 + pick(r, 4, 900)), null,
        ['评分规则多久调整一次？', '能对接我们自己的CRM吗？', '小团队怎么起步？', '价格怎么算？'][1 + pick(r, 5, 4)], 'q'
        from webinar where pick(r, 6, 100) < 40 + need // 4 and pick(r, 7, 100) < need // 7
    union all select 'poll_answered', event_id, person_no, at_seconds(event_on, 55800 + pick(r, 4, 60)), null, null, 'v'
        from webinar where pick(r, 6, 100) < 40 + need // 4 and pick(r, 7, 100) >= 72
    union all select 'registered', event_id, person_no, at_seconds(day_after(event_on, -cast(2 + pick(r, 2, 20) as integer)), any_seconds(r, 3)), null, null, 'r' from summit
    union all select 'attended', event_id, person_no, at_seconds(event_on, 32400 + pick(r, 4, 5400)), 60 + pick(r, 5, 240), null, 'a' from summit where pick(r, 6, 100) < 66
    union all select 'no_show', event_id, person_no, at_seconds(event_on, 64800), null, null, 'n' from summit where pick(r, 6, 100) >= 66
    union all select 'product_experience', event_id, person_no, at_seconds(event_on, 43200 + pick(r, 5, 9000)), 15 + pick(r, 5, 30), null, 'e'
        from summit where pick(r, 6, 100) < 66 and pick(r, 7, 100) < need // 5
    union all select 'registered', event_id, person_no, at_seconds(day_after(event_on, -cast(1 + pick(r, 2, 25) as integer)), any_seconds(r, 3)), null, null, 'r'
        from fair where pick(r, 3, 100) < 45
    union all select 'booth_scan', event_id, person_no, at_seconds(there_on, 32400 + pick(r, 4, 27000)), null, null, 'b' from fair
    union all select 'booth_talk', event_id, person_no, at_seconds(there_on, 32700 + pick(r, 4, 27000)), 5 + pick(r, 5, 30), null, 't' from fair where pick(r, 6, 100) < 12 + need // 2
    union all select 'product_experience', event_id, person_no, at_seconds(there_on, 33600 + pick(r, 4, 27000)), 10 + pick(r, 5, 20), null, 'e'
        from fair where pick(r, 6, 100) < need // 6
)
select event_id || '-' || person_no || '-' || step as participation_id, occurred_at, event_id as event_ref, event_type, person_no, minutes, question
from steps where occurred_at between cast(getvariable('first_day') as timestamp) and at_seconds(getvariable('last_day'), 86399);

-- Questions after a webinar.
create table surveys_generated as
with answered as materialized (
    select participation_id, occurred_at, event_ref, p.person_no, need, rnd(participation_id, 'survey') as r
    from participations_generated p join people using (person_no)
    where event_type = 'attended_live' and pick(rnd(participation_id, 'survey'), 0, 100) < 22
)
select 'S' || participation_id || '-' || q.question_no as answer_id, occurred_at + to_hours(1) + to_seconds(cast(q.question_no as bigint)) as answered_at,
    'SV-' || event_ref as survey_ref, person_no, q.question, q.answer,
    case when q.question_no = '2' then least(10, 4 + need // 16 + pick(r, 2, 3)) end as score
from answered
join (select question_no, question, answer, row_number() over (partition by question_no order by n) - 1 as answer_no,
        count(*) over (partition by question_no) as answers from w_survey_answers) q
    on q.answer_no = case q.question_no when '3' then least(3, (99 - need) // 25) else draw(r, 3) % q.answers end;

-- Live chat on the website: people of the house, and visitors who stay anonymous.
create table chats_generated as
with opened as materialized (
    select person_no, null as v, visitor_id, need, visit_at + to_seconds(40) as opened_at, rnd(person_no || ':' || visit_no, 'chat') as r
    from visits where pick(rnd(person_no || ':' || visit_no, 'chat'), 0, 1000) < 10 + need // 3
    union all
    select null, v, visitor_id, 20, visit_at + to_seconds(40), rnd('a' || v || ':' || visit_no, 'chat')
    from anonymous_visits where pick(rnd('a' || v || ':' || visit_no, 'chat'), 0, 1000) < 12
),
lines as (
    select need_tier, sender_side, message, row_number() over (partition by need_tier order by n) as line_no from w_chat_lines
)
select 'T' || substr(r, 1, 14) || '-' || line_no as message_id,
    opened_at + to_seconds(case line_no when 1 then 0 when 2 then case when pick(r, 1, 100) < 78 then 15 + pick(r, 2, 200) else 600 + pick(r, 2, 6000) end
        else 7000 + pick(r, 3, 300) end) as sent_at,
    'T' || substr(r, 1, 14) as conversation_ref, sender_side, person_no, visitor_id,
    case when sender_side = 'agent' then ['R-02', 'R-03', 'R-04', 'R-06'][1 + pick(r, 4, 4)] end as rep_ref, message,
    page_url(['/pricing', '/products/lead-management', '/', '/compare/leadpeak'][1 + pick(r, 5, 4)], 'zh') as page_url
from opened join lines on cast(lines.need_tier as bigint) = least(4, opened.need // 20)
where line_no = 1 or line_no = 2 and pick(r, 6, 100) < 90 or line_no = 3 and pick(r, 6, 100) < 60;
delete from chats_generated where sent_at >= day_after(getvariable('last_day'), 1);
