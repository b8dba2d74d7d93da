-- Forms and downloads hang on a visit; a hot need raises its hand.
create table form_plan as
with visits_of as (select person_no, max(visit_no) as last_visit from visits group by person_no),
base as materialized (
    select p.person_no, p.need, p.activity, p.source, p.language, rnd(p.person_no, 'forms') as r, coalesce(v.last_visit, 0) as last_visit
    from people p left join visits_of v using (person_no)
),
first_forms as (
    select person_no, 'first' as form_kind, 1 as visit_no, r,
        case
            when source = 'content' then 'content_gate'
            when need >= 62 then ['demo_request', 'demo_request', 'contact_us', 'contact_us', 'quote_request', 'trial_request', 'trial_request', 'content_gate'][1 + pick(r, 0, 8)]
            when need >= 40 then ['contact_us', 'content_gate', 'content_gate', 'trial_request', 'newsletter', 'demo_request'][1 + pick(r, 0, 6)]
            else ['content_gate', 'newsletter', 'newsletter', 'contact_us', 'trial_request'][1 + pick(r, 0, 5)]
        end as form_purpose
    from base where source in ('website', 'sem', 'content')
),
raises as (
    select person_no, 'raise', 1 + pick(r, 1, last_visit), rnd(r, 'raise'),
        ['demo_request', 'demo_request', 'demo_request', 'demo_request', 'trial_request', 'trial_request', 'quote_request', 'quote_request', 'contact_us', 'contact_us'][1 + pick(r, 2, 10)]
    from base
    where last_visit > 0 and pick(r, 3, 100) < case activity when 'hot' then 85 when 'warm' then 52 when 'moderate' then 20 else 5 end
),
gates as (
    select person_no, 'gate' || i, 1 + pick(rnd(r, 'gate' || i), 0, last_visit), rnd(r, 'gate' || i), 'content_gate'
    from (select *, unnest(generate_series(1, case activity when 'hot' then 1 + pick(r, 4, 4) when 'warm' then pick(r, 4, 4)
        when 'moderate' then pick(r, 4, 3) else (pick(r, 4, 100) < 12)::bigint end)) as i from base)
    where last_visit > 0
),
newsletters as (
    select person_no, 'news', 1 + pick(r, 5, last_visit), rnd(r, 'news'), 'newsletter'
    from base where last_visit > 0 and pick(r, 6, 100) < 9
)
select person_no, form_kind, visit_no, r, form_purpose
from (select * from first_forms union all select * from raises union all select * from gates union all select * from newsletters);

create table forms_generated as
with placed as materialized (
    select f.*, v.visit_at + to_seconds(120 + pick(f.r, 4, 400)) as submitted_at, v.visitor_id
    from form_plan f
    left join visits v on v.person_no = f.person_no and v.visit_no = f.visit_no
),
kept as materialized (
    select f.* replace (coalesce(f.submitted_at, at_seconds(p.first_on, any_seconds(f.r, 5))) as submitted_at, coalesce(f.visitor_id, p.visitor_id) as visitor_id),
        p.language, p.need, p.source, p.first_on
    from placed f join people p using (person_no)
    where f.submitted_at is not null or f.form_kind = 'first'
),
gated as materialized (
    select k.*, case when form_purpose = 'content_gate' then pick(k.r, 6, g.slots) end as gated_slot
    from kept k join (select language, max(slots) as slots from gated_slots group by language) g using (language)
),
typed as (
    select g.*, n.form_name, n.page_path, c.content_id as content_ref, m.message
    from gated g
    join (select 'zh' as language, form_name, form_purpose, page_path from w_forms
          union all select 'en', form_name, form_purpose, page_path from w_site_forms_en) n
        on n.language = g.language and n.form_purpose = g.form_purpose
    left join gated_slots c on c.language = g.language and c.slot = g.gated_slot
    left join (
        select language, cast(need_tier as bigint) as need_tier, message, row_number() over (partition by language, need_tier order by n) - 1 as message_no,
            count(*) over (partition by language, need_tier) as messages
        from w_form_messages
    ) m on m.language = g.language and m.need_tier = g.need // 20
        and m.message_no = draw(g.r, 7) % m.messages
        and g.form_purpose in ('demo_request', 'trial_request', 'quote_request', 'contact_us')
)
select 'F' || t.person_no || '-' || form_kind as submission_id, t.submitted_at, t.form_name, t.form_purpose, t.person_no, form_kind,
    t.visitor_id, p.email, coalesce(p.mobile, p.phone) as phone,
    case when p.has_wechat and pick(t.r, 0, 100) < 45 then p.wechat_account_id end as wechat_account_id,
    case when p.has_wechat and pick(t.r, 0, 100) < 45 then p.openid end as openid,
    case when p.has_wechat and pick(t.r, 0, 100) < 45 then p.unionid end as unionid,
    p.person_name, case when pick(t.r, 1, 100) < 40 then coalesce(p.short_name, p.account_name) else p.account_name end as company_name,
    p.job_title, case when pick(t.r, 2, 100) < 35 then p.department end as department,
    case when pick(t.r, 2, 100) < 60 then p.province end as province, case when pick(t.r, 2, 100) < 60 then p.city end as city,
    case when t.form_purpose <> 'newsletter' and pick(t.r, 3, 100) < 45 then p.industry_text end as industry_text,
    case when t.form_purpose in ('demo_request', 'quote_request') and pick(t.r, 3, 100) < 40 then p.headcount end as headcount,
    case when t.form_purpose in ('demo_request', 'trial_request', 'quote_request') and pick(t.r, 4, 100) < 80 then p.product_zh end as product_interest,
    case when t.form_purpose = 'quote_request' and pick(t.r, 5, 100) < 40 then p.list_price_wan * (50 + p.need) // 80 end as budget_wan,
    case when t.form_purpose in ('demo_request', 'quote_request') and pick(t.r, 6, 100) < 50
        then case when p.need >= 80 then '三个月内' when p.need >= 60 then '半年内' when p.need >= 40 then '一年内' else '暂无计划' end end as purchase_timeline,
    t.message, t.content_ref, page_url(t.page_path, 'zh') as page_url,
    case when t.source = 'sem' and form_kind = 'first' then 'CMP-SEM-' || strftime(t.submitted_at, '%y') || 'Q' || quarter(t.submitted_at)
        when t.source = 'content' and form_kind = 'first' then 'CMP-CON-WP'
        when t.source = 'website' and form_kind = 'first' then 'CMP-WEB-SEO' end as campaign_ref,
    case when t.source = 'sem' and form_kind = 'first' then 'baidu' end as utm_source,
    case when t.source = 'sem' and form_kind = 'first' then 'cpc' end as utm_medium,
    pick(t.r, 7, 100) < 92 as consent_given, t.language
from typed t join people p using (person_no);

create table downloads_generated as
select 'D' || f.submission_id as download_id, f.submitted_at + to_seconds(30 + pick(rnd(f.submission_id, 'download'), 0, 60)) as occurred_at,
    'download' as event_type, f.content_ref, f.person_no, f.visitor_id, f.email,
    cast(null as bigint) as completion_pct, f.campaign_ref
from forms_generated f where f.form_purpose = 'content_gate'
union all
select 'R' || f.submission_id, f.submitted_at + to_seconds(900 + pick(rnd(f.submission_id, 'reading'), 0, 80000)),
    'read_online', f.content_ref, f.person_no, f.visitor_id, f.email, 15 + pick(rnd(f.submission_id, 'reading'), 1, 86), null
from forms_generated f
where f.form_purpose = 'content_gate' and pick(rnd(f.submission_id, 'reading'), 2, 100) < 45;
delete from downloads_generated where occurred_at >= day_after(getvariable('last_day'), 1);

-- The day a person becomes a lead record: first form, list of a fair or webinar, import, first WeChat contact, a colleague's hint.
create table leads_numbered as
with first_forms as (select person_no, min(submitted_at) as form_at from forms_generated group by person_no),
dated as materialized (
    select p.person_no,
        least(coalesce(f.form_at + to_seconds(90 + pick(p.record_draw, 3, 600)), timestamp '9999-12-31'),
            case p.source
                when 'trade_fair' then at_seconds(day_after(e.event_on, e.days), 36000 + pick(p.record_draw, 4, 9000))
                when 'webinar' then at_seconds(day_after(e.event_on, 1), 34200 + pick(p.record_draw, 4, 3600))
                when 'website' then timestamp '9999-12-31' when 'sem' then timestamp '9999-12-31' when 'content' then timestamp '9999-12-31'
                else at_seconds(p.first_on, 34200 + pick(p.record_draw, 4, 28000)) end) as planned_at
    from people p
    left join first_forms f using (person_no)
    left join events e on e.event_id = p.source_event_id
),
clipped as (select person_no, least(planned_at, at_seconds(getvariable('last_day'), 68400 + person_no % 3600)) as created_at from dated)
select person_no, created_at, 'L' || lpad(cast(row_number() over (order by created_at, person_no) as varchar), 7, '0') as lead_id
from clipped;
create table lead_people as
select p.*, n.created_at, case when p.held_in = 'wukong' then null else n.lead_id end as lead_id,
    case when p.held_in <> 'crm' then 'WK' || substr(n.lead_id, 2) end as wukong_id
from people p join leads_numbered n using (person_no);
