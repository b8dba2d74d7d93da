-- WeChat official account and WeCom: following, reading, talking.
create table wechat_generated as
with followers as materialized (
    select person_no, need, activity, source, span_days, rnd(person_no, 'wechat') as r,
        case when source = 'wechat' then first_on else day_after(first_on, pick(rnd(person_no, 'wechat'), 0, greatest(1, span_days // 2))) end as follow_on,
        case activity when 'hot' then 8 + pick(rnd(person_no, 'wechat'), 1, 20) when 'warm' then 4 + pick(rnd(person_no, 'wechat'), 1, 12)
            when 'moderate' then 1 + pick(rnd(person_no, 'wechat'), 1, 8) else pick(rnd(person_no, 'wechat'), 1, 5) end as reads
    from people where has_wechat
),
reads as materialized (
    select person_no, need, span_days, follow_on, i, rnd(person_no || ':' || i, 'article') as a
    from (select *, unnest(generate_series(1, reads)) as i from followers)
),
dated_reads as materialized (
    select x.*, at_seconds(d.d, any_seconds(a, 1)) as read_at, pick(a, 2, (select max(slots) from article_slots)) as slot
    from (select *, day_after(follow_on, pick(a, 0, span_days + 20)) as raw_on from reads) x join days d on d.d = x.raw_on
),
clicks as materialized (
    select x.*, rnd(person_no || ':' || i, 'menu') as m
    from (select *, unnest(generate_series(1, case when need >= 60 then pick(r, 2, 4) else pick(r, 2, 2) end)) as i from followers) x
),
menus as (
    select c.person_no, c.i, c.follow_on, c.span_days, c.m, s.menu_name
    from (select *, case when pick(m, 0, 100) < need then 'high' else 'low' end as band from clicks) c
    join (select band, count(*) as slots from menu_slots group by band) k using (band)
    join menu_slots s on s.band = c.band and s.slot = draw(c.m, 1) % k.slots
),
everything as (
    select 'X' || person_no || '-f' as event_id, at_seconds(follow_on, any_seconds(r, 3)) as occurred_at, 'subscribe' as event_type, person_no,
        null as content_ref, null as menu_name,
        case source when 'trade_fair' then 'expo_' || strftime(follow_on, '%Y%m') when 'content' then 'whitepaper_qr' when 'website' then 'web_footer' else 'article_end' end as scene,
        null as message
    from followers
    union all
    select 'X' || person_no || '-q', at_seconds(follow_on, any_seconds(r, 3)) + to_seconds(2), 'qr_scan', person_no, null, null,
        case source when 'trade_fair' then 'expo_' || strftime(follow_on, '%Y%m') || '_booth' else 'poster_' || strftime(follow_on, '%Y%m') end, null
    from followers where source in ('trade_fair', 'webinar', 'referral') and pick(r, 4, 100) < 60
    union all
    select 'X' || r.person_no || '-r' || i, read_at, 'article_read', r.person_no, s.content_id, null, null, null
    from dated_reads r join article_slots s using (slot)
    union all
    select 'X' || r.person_no || '-s' || i, read_at + to_seconds(75), 'article_share', r.person_no, s.content_id, null, null, null
    from dated_reads r join article_slots s using (slot) where pick(r.a, 3, 100) < 5
    union all
    select 'X' || person_no || '-m' || i, at_seconds(day_after(follow_on, pick(m, 2, span_days + 1)), any_seconds(m, 3)), 'menu_click', person_no, null, menu_name, null, null
    from menus
    union all
    select 'X' || person_no || '-t', at_seconds(day_after(follow_on, pick(r, 5, span_days + 1)), office_seconds(r, 6)), 'message_sent', person_no, null, null, null,
        ['请问怎么收费', '想预约产品演示', '有制造业的案例吗', '能对接ERP吗', '资料发我一份'][1 + pick(r, 7, 5)]
    from followers where need >= 55 and pick(r, 5, 100) < 22
    union all
    select 'X' || person_no || '-u', at_seconds(day_after(follow_on, 15 + pick(r, 6, 120)), any_seconds(r, 7)), 'unsubscribe', person_no, null, null, null, null
    from followers where need < 45 and pick(r, 6, 100) < 12
)
select * from everything where occurred_at < cast(day_after(getvariable('last_day'), 1) as timestamp);

create table wecom_generated as
with contacts as materialized (
    select person_no, need, activity, span_days, sdr_rep, sales_rep, rnd(person_no, 'wecom') as r,
        created_at + to_hours(1) + to_seconds(pick(rnd(person_no, 'wecom'), 0, 600000)) as added_at,
        case when pick(rnd(person_no, 'wecom'), 1, 100) < 35 then sales_rep else sdr_rep end as rep_ref,
        case activity when 'hot' then 5 + pick(rnd(person_no, 'wecom'), 2, 9) when 'warm' then 2 + pick(rnd(person_no, 'wecom'), 2, 6)
            when 'moderate' then 1 + pick(rnd(person_no, 'wecom'), 2, 3) else 1 end as sends
    from lead_people where has_wecom
),
messages as materialized (
    select c.*, i, rnd(person_no || ':' || i, 'wecom message') as m
    from (select *, unnest(generate_series(1, sends)) as i from contacts) c
),
timed as materialized (
    select t.*, at_seconds(d.next_work, office_seconds(m, 1)) as sent_at
    from (select *, day_after(cast(added_at as date), 1 + pick(m, 0, span_days + 10)) as raw_on from messages) t
    join days d on d.d = t.raw_on
),
everything as (
    select 'Q' || person_no || '-a' as event_id, added_at as occurred_at, 'contact_added' as event_type, person_no, rep_ref,
        case when need >= 60 and pick(r, 3, 100) < 55 or pick(r, 3, 100) < 20 then 'customer' else 'employee' end as added_by,
        null as content_ref, null as group_name, null as message
    from contacts
    union all
    select 'Q' || person_no || '-s' || i, sent_at, 'message_sent', person_no, rep_ref, null, null, null,
        ['您好，资料已发您邮箱，请查收', '这周有一场线上分享，欢迎参加', '方便的话约个时间给您演示', '给您整理了同行的做法'][1 + pick(m, 2, 4)]
    from timed
    union all
    select 'Q' || person_no || '-r' || i, sent_at + to_seconds(300 + pick(m, 3, 9000)), 'message_received', person_no, rep_ref, null, null, null,
        case when need >= 60 then ['好的，资料再发我一份', '报价什么时候能给', '可以对接钉钉吗', '周四下午可以演示'][1 + pick(m, 4, 4)]
            else ['收到', '好的，谢谢', '最近比较忙', '暂时不需要'][1 + pick(m, 4, 4)] end
    from timed where pick(m, 5, 100) < 8 + need // 2
    union all
    select 'Q' || person_no || '-o' || i, sent_at + to_seconds(500 + pick(m, 6, 40000)), 'material_opened', person_no, rep_ref, null,
        ['C023', 'C031', 'C033', 'C035', 'C045', 'C050'][1 + pick(m, 7, 6)], null, null
    from timed where pick(m, 6, 100) < 6 + need // 3
    union all
    select 'Q' || person_no || '-g', added_at + to_hours(48), 'group_joined', person_no, rep_ref, null, null, '澄帆客户交流' || (1 + pick(r, 4, 6)) || '群', null
    from contacts where pick(r, 5, 100) < 22
    union all
    select 'Q' || person_no || '-l', added_at + to_hours(720), 'group_left', person_no, rep_ref, null, null, '澄帆客户交流' || (1 + pick(r, 4, 6)) || '群', null
    from contacts where pick(r, 5, 100) < 3
    union all
    select 'Q' || person_no || '-d', added_at + to_hours(200 + pick(r, 6, 900)), 'contact_deleted_us', person_no, rep_ref, null, null, null, null
    from contacts where need < 45 and pick(r, 7, 100) < 14
    union all
    select 'Q' || person_no || '-x', added_at + to_hours(2000), 'contact_deleted_by_us', person_no, rep_ref, null, null, null, null
    from contacts where need < 25 and pick(r, 7, 100) >= 90
)
select * from everything where occurred_at < cast(day_after(getvariable('last_day'), 1) as timestamp);
