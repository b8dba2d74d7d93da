-- People: who they are, what they want (latent), where they come from, when they warm up.
create table people_base as
with seats as materialized (
    select people_before + i as person_no, account_no, i as seat, people, fit as account_fit, need as account_need,
        is_foreign as account_is_foreign, warm_on
    from (select *, unnest(generate_series(1, people)) as i from accounts)
    where people_before + i <= getvariable('b2b_people')
    union all
    select i, null, 1, 1, 20, 30, false, null
    from generate_series(getvariable('b2b_people') + 1, getvariable('leads')) g(i)
)
select s.*, rnd(person_no, 'person') as r, rnd(person_no, 'latent') as z, rnd(person_no, 'contact') as c,
    rnd(person_no, 'origin') as o, rnd(person_no, 'record') as q,
    case when account_no is not null then 'b2b'
        else ['private', 'private', 'private', 'student', 'student', 'student', 'agency', 'agency', 'competitor', 'own'][
            1 + pick(rnd(person_no, 'kind'), 0, 10)] end as kind
from seats s;

create table people_named as
with slotted as materialized (
    select b.*, case when pick(r, 1, 100) < 52 then 'm' else 'f' end as gender,
        (account_fit * 2 + bell(z)) // 3 as fit,
        pick(r, 7, 100) < case when account_is_foreign then 80 else 7 end as is_foreign_name,
        pick(r, 0, k.surnames) as surname_slot, pick(r, 2, 50) as given_slot, pick(r, 3, k.foreign_names) as first_slot,
        pick(r, 4, k.foreign_names) as last_slot, pick(o, 0, k.sources) as source_slot, pick(q, 0, k.products) as product_slot
    from people_base b cross join slot_counts k
),
drawn as materialized (
    select s.*, n.pinyin as family_pinyin, n.hanzi as family, g.hanzi as given, g.pinyin as given_pinyin,
        x.first_name, x2.last_name, so.source, so.source_text, so.need_shift, p.product_zh, p.list_price_wan
    from slotted s
    join surname_slots n on n.slot = s.surname_slot
    join given_slots g on g.gender = s.gender and g.slot = s.given_slot
    join w_foreign_names x on x.n = s.first_slot
    join w_foreign_names x2 on x2.n = s.last_slot
    join source_slots so on so.slot = s.source_slot
    join product_slots p on p.slot = s.product_slot
)
select d.* exclude (first_name, last_name, family, given, surname_slot, given_slot, first_slot, last_slot, source_slot, product_slot),
    case when is_foreign_name and account_is_foreign then first_name || ' ' || last_name
        when is_foreign_name then first_name || ' ' || upper(family_pinyin[1]) || family_pinyin[2:]
        else family || given end as person_name,
    case when is_foreign_name and account_is_foreign then lower(first_name) || '.' || lower(last_name)
        when is_foreign_name then lower(first_name) || '.' || family_pinyin
        when pick(r, 5, 3) = 0 then given_pinyin || '.' || family_pinyin
        else family_pinyin || given_pinyin end as mail_local,
    greatest(0, least(99, (case when account_no is null then 20 else account_need end + bell(substr(md5(z), 1, 32)) * 2) // 3 + need_shift)) as need,
    case when is_foreign_name then 'en' else 'zh' end as language
from drawn d;

create table people_placed as
with slotted as materialized (
    select n.*, band, pick(z, 4, slots) as title_slot
    from (select *, case when pick(r, 6, 100) < fit then 'high' else 'low' end as band from people_named) n
    join (select band, count(*) as slots from title_slots group by band) using (band)
),
typed as materialized (
    select n.* exclude (band, title_slot), t.department, t.job_level, case when n.language = 'en' then t.title_en else t.title_zh end as job_title,
        a.account_name, a.short_name, a.domain, a.switchboard, a.province, a.city, a.phone_area, a.industry_code, a.industry_text,
        a.headcount, a.revenue_wan, a.standing, a.size_class, a.account_id, a.credit_code
    from slotted n
    join title_slots t on t.band = n.band and t.slot = n.title_slot
    left join accounts a using (account_no)
),
filled as materialized (
    select * replace (
        case kind when 'b2b' then account_name
            when 'student' then ['东江理工大学', '北辰师范学院', '滨海经贸大学', '云岭工业大学'][1 + pick(q, 3, 4)]
            when 'agency' then ['众声公关顾问有限公司', '万象广告传媒有限公司', '起点营销策划有限公司'][1 + pick(q, 3, 3)]
            when 'competitor' then ['灵析云科技（上海）有限公司', '北京麦驰营销技术有限公司', '深圳云迹智营科技有限公司'][1 + pick(q, 3, 3)]
            when 'own' then '上海澄帆信息科技有限公司'
            else ['个人', '', '自由职业'][1 + pick(q, 3, 3)] end as account_name,
        case kind when 'b2b' then domain
            when 'agency' then ['zhongsheng-pr.example', 'wanxiang-ad.example', 'qidian-mkt.example'][1 + pick(q, 3, 3)]
            when 'competitor' then ['lingxi-cloud.example', 'maichi.example', 'yunji-zy.example'][1 + pick(q, 3, 3)]
            when 'own' then 'chengfan.example' end as domain,
        case kind when 'b2b' then job_title when 'student' then ['研究生', '本科生', '市场营销专业在读', '实习生'][1 + pick(q, 4, 4)]
            when 'private' then null when 'agency' then ['客户总监', '策划经理', '媒介主管'][1 + pick(q, 4, 3)]
            when 'competitor' then ['产品经理', '市场分析师', '销售经理'][1 + pick(q, 4, 3)] else '市场专员' end as job_title,
        case kind when 'b2b' then department when 'own' then '市场部' end as department,
        case kind when 'b2b' then fit when 'agency' then 12 else 3 end as fit,
        case kind when 'b2b' then need when 'competitor' then 45 else need // 3 end as need,
        case when kind = 'b2b' then province else coalesce(province, ['上海', '北京', '广东', '湖北'][1 + pick(q, 5, 4)]) end as province,
        case when kind = 'b2b' then city else coalesce(city, ['上海', '北京', '广州', '武汉'][1 + pick(q, 5, 4)]) end as city
    )
    from typed
),
mailed as materialized (
    select *, case
        when domain is not null and pick(c, 0, 100) < 62 then 'corporate'
        when pick(c, 0, 100) < 84 then 'free' else 'none' end as mail_kind,
        row_number() over (partition by domain, mail_local order by person_no) as namesake
    from filled
),
addressed as materialized (
    select *,
        case mail_kind
            when 'corporate' then mail_local || case when namesake > 1 then cast(namesake as varchar) else '' end || '@' || domain
            when 'free' then replace(mail_local, '.', '') || '.demo' || cast(person_no as varchar) || '@'
                || ['qq.com', 'qq.com', '163.com', '163.com', '126.com', 'outlook.com', 'foxmail.com'][1 + pick(c, 1, 7)]
        end as email,
        case when mail_kind = 'none' or pick(c, 2, 100) < 86 then
            ['138', '139', '136', '137', '135', '133', '132', '131', '130', '186', '188', '189', '187', '185', '180'][1 + pick(c, 3, 15)]
            || lpad(cast((person_no * 40503 + getvariable('seed') * 7919 + 12345678) % 100000000 as varchar), 8, '0') end as mobile,
        case when pick(c, 4, 100) < 24 then switchboard end as phone,
        pick(c, 5, 100) < case source when 'wechat' then 100 else 42 end as has_wechat,
        pick(c, 6, 100) < case when need >= 55 then 48 else 20 end as has_wecom
    from mailed
)
select *,
    'v' || substr(rnd(person_no, 'visitor'), 1, 16) as visitor_id,
    'v' || substr(rnd(person_no, 'second device'), 1, 16) as visitor_id_2,
    case when has_wechat or has_wecom then 'u' || substr(rnd(person_no, 'unionid'), 1, 27) end as unionid,
    case when has_wechat then 'oS' || substr(rnd(person_no, 'openid service'), 1, 26) end as openid,
    case when has_wechat then case when pick(c, 7, 100) < 75 then 'gh_chengfan_service' else 'gh_chengfan_news' end end as wechat_account_id,
    case when has_wecom then 'wm' || substr(rnd(person_no, 'external userid'), 1, 30) end as external_userid,
    case when has_wecom then 'ww_chengfan' end as corp_id
from addressed;

-- When: trade fairs and webinars fix the day, the rest spreads over the window with a little growth;
-- colleagues of a company warm up together; nobody works through the Spring Festival, hardly anybody at weekends.
create table people as
with programme as (select event_format, max(slots) as slots from event_slots group by event_format),
invited as materialized (
    select p.*, rnd(person_no, 'timing') as t, w.event_format, pick(p.o, 2, w.slots) as event_slot
    from people_placed p
    left join programme w on w.event_format = case p.source when 'trade_fair' then 'offline' when 'webinar' then 'webinar' end
),
started as materialized (
    select p.* exclude (event_format, event_slot), e.event_id as source_event_id,
        case
            when e.event_id is not null then day_after(e.event_on, pick(p.o, 3, e.days))
            when people > 1 and pick(o, 4, 100) < 70 then day_after(warm_on, pick(o, 5, 70))
            when pick(o, 4, 100) < 30 then day_after(getvariable('first_day'), greatest(pick(o, 5, getvariable('window_days')), pick(o, 6, getvariable('window_days'))))
            else day_after(getvariable('first_day'), pick(o, 5, getvariable('window_days')))
        end as first_raw
    from invited p
    left join event_slots e on e.event_format = p.event_format and e.slot = p.event_slot
),
clipped as materialized (
    select *, case when first_raw > getvariable('last_day')
        then day_after(getvariable('last_day'), -cast(pick(t, 0, 60) as integer)) else first_raw end as first_day_raw
    from started
),
moved as materialized (
    select c.*, case when c.source_event_id is not null or d.is_work or pick(c.t, 1, 100) < 14 then d.d
        when d.next_work > getvariable('last_day') then day_after(getvariable('last_day'), -1) else d.next_work end as first_on,
        need + bell(md5(t)) // 2 as heat
    from clipped c join days d on d.d = c.first_day_raw
)
select m.* exclude (r, z, o, q, c, t, first_raw, first_day_raw), t as timing_draw, c as contact_draw, q as record_draw, o as origin_draw,
    case when heat >= 113 then 'hot' when heat >= 96 then 'warm' when heat >= 75 then 'moderate' else 'quiet' end as activity,
    case when heat >= 113 then 60 + pick(t, 2, 140) when heat >= 96 then 50 + pick(t, 2, 120)
        when heat >= 75 then 25 + pick(t, 2, 90) else 1 + pick(t, 2, 25) end as span_days,
    case when pick(q, 1, 100) < 88 then 'crm' when pick(q, 1, 100) < 96 then 'wukong' else 'both' end as held_in,
    rr.crm_region, rr.sdr_rep,
    string_split(rr.sales_reps, '|')[1 + pick(q, 2, len(string_split(rr.sales_reps, '|')))] as sales_rep
from moved m
join w_region_reps rr on rr.province = m.province;
