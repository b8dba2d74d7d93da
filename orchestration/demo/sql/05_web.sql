-- Website: visits spread over the interest of a person; the hotter, the more visits, pages and deep pages.
create table visits as
with counted as materialized (
    select person_no, activity, need, first_on, span_days, language, source, timing_draw as t, visitor_id, visitor_id_2,
        case activity when 'hot' then 18 + pick(timing_draw, 3, 20) when 'warm' then 8 + pick(timing_draw, 3, 9)
            when 'moderate' then 3 + pick(timing_draw, 3, 5) else pick(timing_draw, 3, 4) end as visits
    from people
),
numbered as materialized (
    select *, rnd(person_no || ':' || visit_no, 'visit') as r
    from (select *, unnest(generate_series(1, visits)) as visit_no from counted)
),
dated as materialized (
    select n.*, day_after(first_on, case when visit_no = 1 then 0
        when need >= 60 then span_days * greatest(pick(r, 0, 1000), pick(r, 1, 1000)) // 1000
        else span_days * least(pick(r, 0, 1000), pick(r, 1, 1000)) // 1000 end) as raw_on
    from numbered n
),
moved as materialized (
    select m.*, case when visit_no = 1 or d.is_work or pick(r, 2, 100) < 18 then d.d else d.next_work end as visit_on
    from dated m join days d on d.d = m.raw_on
)
select person_no, activity, need, language, source, visit_no, r,
    case when pick(r, 3, 100) < 22 then visitor_id_2 else visitor_id end as visitor_id,
    at_seconds(visit_on, any_seconds(r, 4)) as visit_at,
    1 + pick(r, 5, case activity when 'hot' then 6 when 'warm' then 5 when 'moderate' then 4 else 3 end) as pages
from moved
where visit_on <= getvariable('last_day');

-- Visitors who never say who they are.
create table anonymous_visits as
with numbered as materialized (
    select v, visit_no, rnd(v || ':' || visit_no, 'anonymous') as r, rnd(v, 'anonymous visitor') as a
    from (select v, unnest(generate_series(1, 1 + (pick(rnd(v, 'anonymous visitor'), 0, 100) < 25)::int)) as visit_no
          from generate_series(1, getvariable('leads') * 3 // 2) g(v))
),
dated as materialized (
    select *, day_after(getvariable('first_day'), pick(a, 1, getvariable('window_days'))) + cast((visit_no - 1) * (1 + pick(r, 0, 20)) as integer) as raw_on
    from numbered
)
select n.v, n.visit_no, n.r, 'v' || substr(n.a, 8, 16) as visitor_id, 1 + pick(n.r, 5, 3) as pages,
    at_seconds(case when d.is_work or pick(n.r, 2, 100) < 25 then d.d else d.next_work end, any_seconds(n.r, 4)) as visit_at
from dated n join days d on d.d = n.raw_on
where case when d.is_work or pick(n.r, 2, 100) < 25 then d.d else d.next_work end <= getvariable('last_day');

create table all_visits as
select 'p' || person_no as visit_of, person_no, visit_no, r, visitor_id, visit_at, pages, need, language, source, activity,
    coalesce(date_diff('day', lag(visit_at) over (partition by person_no order by visit_at, visit_no), visit_at), 0) as gap_days
from visits
union all
select 'a' || v, null, visit_no, r, visitor_id, visit_at, pages, 20, 'zh', 'website', 'quiet', 0 from anonymous_visits;

create table web_visit_pages as
with drawn as materialized (
    select v.*, page_no, rnd(visit_of || ':' || visit_no || ':' || page_no, 'page') as d
    from (select *, unnest(generate_series(1, pages)) as page_no from all_visits) v
),
banded as materialized (
    select d.* exclude (d), d.d as pd, band, pick(d.d, 1, slots) as slot, 4 + pick(d.d, 2, 140) as seconds
    from (select *, case when pick(d, 0, 100) < need - 12 then 'high' else 'low' end as band from drawn) d
    join (select band, count(*) as slots from page_slots group by band) using (band)
)
select b.*, p.path, p.page_group,
    coalesce(sum(seconds) over (partition by visit_of, visit_no order by page_no rows between unbounded preceding and 1 preceding), 0) as offset_seconds
from banded b join page_slots p using (band, slot);

create macro page_url(path, language) as 'https://www.chengfan.example' || case when language = 'en' then '/en' else '' end || path;

create table web_generated as
with agents as (
    select ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) Safari/18.1',
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) MicroMessenger/8.0.54', 'Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50'] as names
),
page_views as (
    select visit_of || '-' || visit_no || '-' || page_no as event_id, visit_at + to_seconds(cast(offset_seconds as bigint)) as occurred_at,
        'page_view' as event_type, person_no, visitor_id, page_url(path, language) as page_url,
        case when page_no = 1 then case source when 'sem' then 'https://www.baidu.com/s' when 'wechat' then 'https://mp.weixin.qq.com/' else null end end as referrer_url,
        null as duration_seconds, null as completion_pct, null as gap_days, null as search_text, null as content_ref,
        visit_no, source, r
    from web_visit_pages
),
sessions as (
    select visit_of || '-' || visit_no || '-s', max(visit_at + to_seconds(cast(offset_seconds + seconds as bigint))), 'session', any_value(person_no), any_value(visitor_id),
        null, null, sum(seconds), null, null, null, null, visit_no, any_value(source), any_value(r)
    from web_visit_pages group by visit_of, visit_no
),
returns as (
    select visit_of || '-' || visit_no || '-r', visit_at, 'return_visit', person_no, visitor_id, null, null, null, null, gap_days, null, null, visit_no, source, r
    from all_visits where gap_days >= 7
),
searches as (
    select visit_of || '-' || visit_no || '-q', visit_at + to_seconds(20), 'site_search', a.person_no, visitor_id, null, null, null, null, null, s.search_text, null, visit_no, source, r
    from all_visits a join w_search_words s on s.n = pick(a.r, 6, 15)
    where pick(a.r, 7, 100) < case when a.need >= 60 then 12 else 5 end
),
videos as (
    select visit_of || '-' || visit_no || '-v', visit_at + to_seconds(45), 'video_play', person_no, visitor_id, page_url('/products/marketing-automation', 'zh'), null,
        180 * (10 + pick(rnd(r, 'video'), 0, 91)) // 100, 10 + pick(rnd(r, 'video'), 0, 91), null, null,
        ['C020', 'C021', 'C044'][1 + pick(rnd(r, 'video'), 1, 3)], visit_no, source, r
    from all_visits where pick(rnd(r, 'video'), 2, 100) < case when need >= 60 then 9 else 3 end
),
calculators as (
    select visit_of || '-' || visit_no || '-c', visit_at + to_seconds(95), 'roi_calculator', person_no, visitor_id, page_url('/roi-calculator', 'zh'), null,
        null, null, null, null, null, visit_no, source, r
    from all_visits where need >= 62 and pick(rnd(r, 'calculator'), 0, 100) < 4
),
clicks as (
    select visit_of || '-' || visit_no || '-a', visit_at - to_seconds(6), 'ad_click', person_no, visitor_id, page_url('/', 'zh'), 'https://www.baidu.com/baidu.php',
        null, null, null, null, null, visit_no, source, r
    from all_visits where source = 'sem' and (visit_no = 1 or pick(rnd(r, 'ad'), 0, 100) < 10)
       or source = 'website' and person_no is null and pick(rnd(r, 'ad'), 0, 100) < 12
),
everything as (
    select * from page_views union all select * from sessions union all select * from returns union all select * from searches
    union all select * from videos union all select * from calculators union all select * from clicks
)
select event_id, occurred_at, event_type, person_no, visitor_id, page_url, referrer_url, content_ref, duration_seconds, completion_pct, gap_days, search_text,
    case when source = 'sem' and visit_no = 1 then 'baidu' when source = 'wechat' and visit_no = 1 then 'wechat' end as utm_source,
    case when source = 'sem' and visit_no = 1 then 'cpc' when source = 'wechat' and visit_no = 1 then 'social' end as utm_medium,
    case when event_type = 'ad_click' or source = 'sem' and visit_no = 1
        then 'CMP-SEM-' || strftime(occurred_at, '%y') || 'Q' || quarter(occurred_at) end as campaign_ref,
    names[1 + pick(r, 3, 4)] as user_agent,
    '100.' || (64 + pick(r, 0, 64)) || '.' || pick(r, 1, 256) || '.' || (1 + pick(r, 2, 254)) as ip_address
from everything, agents;
