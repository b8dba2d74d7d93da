-- Records with versions: one row with the instants of its changes; a snapshot shows the state of its day.
create table lead_states as
with called as (select person_no, min(called_at) as called_at, min(case when outcome in ('connected', 'inbound') then called_at end) as reached_at from calls group by person_no),
opt_outs as (select person_no, min(occurred_at) as opted_out_at from messages_generated where event_type = 'unsubscribed' group by person_no),
no_calls as (select c.person_no, min(called_at) as no_call_at from call_facts f join calls c using (activity_id) where fact_kind = 'do_not_call' group by c.person_no)
select p.*, c.called_at, c.reached_at, o.opted_out_at, n.no_call_at, h.handed_at, h.answered_at, h.is_accepted, d.opened_at, d.closed_at, d.wins,
    case when p.kind <> 'own' and pick(p.record_draw, 6, 100) < 88 then least(p.created_at + to_seconds(1500 + pick(p.record_draw, 7, 30000)), coalesce(c.called_at, timestamp '9999-12-31')) end as assigned_at,
    rnd(p.person_no, 'crm fields') as k
from lead_people p
left join called c using (person_no) left join opt_outs o using (person_no) left join no_calls n using (person_no)
left join handovers h using (person_no) left join deals d using (person_no);

create table f_crm_leads as
select lead_id, person_no, person_name, account_name as company_name,
    case when pick(k, 0, 100) < 84 then job_title end as job_title,
    case when pick(k, 1, 100) < 58 then department end as department,
    email, phone, mobile,
    case when has_wechat and pick(k, 2, 100) < 55 then wechat_account_id end as wechat_account_id,
    case when has_wechat and pick(k, 2, 100) < 55 then openid end as openid,
    case when (has_wechat or has_wecom) and pick(k, 2, 100) < 55 then unionid end as unionid,
    case when has_wecom then corp_id end as corp_id, case when has_wecom then external_userid end as external_userid,
    case when source in ('website', 'sem', 'content') then visitor_id end as visitor_id,
    case when kind = 'b2b' and pick(k, 3, 100) < 40 then 'www.' || domain end as website,
    case when phone_area in ('00852') then '中国香港' when phone_area in ('00886') then '中国台湾' when pick(k, 3, 100) < 80 then '中国' end as country,
    case when pick(k, 4, 100) < 82 then province end as province, case when pick(k, 4, 100) < 74 then city end as city,
    case when pick(k, 5, 100) < 72 then industry_text end as industry_text,
    case when pick(k, 5, 100) < 40 then industry_code end as industry_code,
    -- Head count and revenue are asked in the first talk.
    case when pick(k, 6, 100) < 50 then headcount end as headcount, case when pick(k, 6, 100) < 38 then revenue_wan end as annual_revenue_wan,
    headcount as headcount_asked, case when pick(k, 7, 100) < 40 then standing end as company_standing,
    case when pick(k, 7, 100) < 55 then product_zh end as product_interest,
    case when need >= 60 and pick(k, 0, 100) >= 60 then cast(list_price_wan * (40 + need) // 70 as varchar) end as budget_asked,
    case when need >= 50 and pick(k, 1, 100) >= 70 then case when need >= 80 then '三个月内' when need >= 65 then '半年内' else '一年内' end end as timeline_asked,
    case when pick(k, 2, 100) >= 86 then ['多部门评审', '老板拍板', '公开招标', '集团总部决定'][1 + pick(k, 3, 4)] end as process_asked,
    case when pick(k, 4, 100) >= 92 then ['展会收集的名片', '客户自己留言', '市场部导入', '电话沟通较好'][1 + pick(k, 5, 4)] end as note,
    source_text as source_channel, case source when 'trade_fair' then source_event_id when 'webinar' then source_event_id end as source_detail,
    case source when 'trade_fair' then 'CMP-' || source_event_id when 'webinar' then 'CMP-' || source_event_id
        when 'sem' then 'CMP-SEM-' || strftime(created_at, '%y') || 'Q' || quarter(created_at) when 'wechat' then 'CMP-WX-ART' when 'content' then 'CMP-CON-WP'
        when 'referral' then 'CMP-REF' when 'import' then 'CMP-LIST-' || case when month(created_at) between 3 and 9 then '2607' else '2601' end
        when 'outbound' then 'CMP-OUT' when 'partner' then 'CMP-PART' else 'CMP-WEB-SEO' end as campaign_ref,
    case when pick(k, 6, 100) < 70 then account_id end as account_ref, sdr_rep, sales_rep,
    ['A（重点客户）', 'B（普通客户）', 'C（非优先客户）'][1 + pick(k, 5, 3)] as customer_level,
    created_at, assigned_at, called_at, reached_at, handed_at, answered_at, is_accepted, opened_at, closed_at, wins, opted_out_at, no_call_at,
    cast(null as varchar) as status_text, cast(null as timestamp) as status_at, cast(null as varchar) as merged_into_ref, cast(null as timestamp) as merged_at,
    cast(null as timestamp) as deleted_at, cast(null as varchar) as created_text, cast(null as varchar) as modified_text, cast(null as varchar) as headcount_text,
    cast(null as varchar) as reverted_title, cast(null as date) as only_on,
    cast(null as varchar) as budget_wan, cast(null as varchar) as purchase_timeline, cast(null as varchar) as decision_process, cast(null as varchar) as need_description
from lead_states where lead_id is not null;

create table f_wukong_leads as
select wukong_id as lead_id, person_no,
    case when pick(k, 0, 100) < 50 or account_name is null or account_name = '' then person_name else account_name || '-' || person_name end as lead_name,
    case when pick(k, 0, 100) >= 30 and kind = 'b2b' then account_name end as company_text,
    ['促销活动', '搜索引擎', '广告', '转介绍', '线上注册', '线上询价', '陌拜', '展会资源', '个人资源', '电话咨询'][case source when 'trade_fair' then 8 when 'referral' then 4 when 'website' then 5
        when 'sem' then 2 when 'outbound' then 7 when 'partner' then 9 when 'webinar' then 1 else 1 + pick(k, 1, 10) end] as source_channel,
    phone, mobile, case when kind = 'b2b' then case when industry_code like 'I%' or industry_code = 'C39' then 'IT/通信/电子/互联网' when industry_code like 'C%' then '生产'
        when industry_code like 'F%' then '贸易' when industry_code like 'J%' then '金融业' when industry_code like 'L%' then '商务服务' when industry_code like 'G%' then '运输/物流'
        when industry_code like 'K%' then '房地产' else '其他' end end as industry_text,
    ['A（重点客户）', 'B（普通客户）', 'C（非优先客户）'][1 + pick(k, 5, 3)] as customer_level,
    province || city || ['人民路', '科技园', '中山路', '工业大道'][1 + pick(k, 2, 4)] || (1 + pick(k, 3, 300)) || '号' as address,
    case when pick(k, 4, 100) < 25 then ['名片录入', '客户要资料', '待联系'][1 + pick(k, 6, 3)] end as note,
    ['段鹏', '郝思佳', '黎婉仪'][1 + pick(k, 7, 3)] as owner_name, created_at + to_seconds(case when held_in = 'both' then 86400 * 3 else 0 end) as created_at, called_at
from lead_states where wukong_id is not null;

create table f_crm_accounts as
with first_lead as (
    select account_no, min(created_at) as created_at, min_by(sales_rep, person_no) as owner_ref, min(case when wins then closed_at end) as won_at
    from lead_states where lead_id is not null and account_no is not null group by account_no
)
select a.account_id, a.account_name, case when pick(rnd(a.account_no, 'account fields'), 0, 100) < 60 then a.credit_code end as credit_code,
    case when pick(rnd(a.account_no, 'account fields'), 1, 100) < 70 then 'www.' || a.domain end as website,
    a.industry_text, case when pick(rnd(a.account_no, 'account fields'), 2, 100) < 65 then a.industry_code end as industry_code,
    case when pick(rnd(a.account_no, 'account fields'), 3, 100) < 75 then a.headcount end as headcount,
    case when pick(rnd(a.account_no, 'account fields'), 4, 100) < 60 then a.revenue_wan end as annual_revenue_wan, nullif(a.standing, '') as company_standing,
    '中国' as country, a.province, a.city, f.owner_ref, a.is_key_account, f.created_at, f.won_at
from accounts a join first_lead f using (account_no);

create table f_crm_contacts as
select 'T' || substr(lead_id, 2) as contact_id, person_name, account_name as company_name, job_title, department, account_id as account_ref, lead_id as lead_ref, email, phone, mobile,
    corp_id, external_userid,
    case when job_level in ('c_level', 'vp') then '决策人' when department like '采购%' then '采购' when department like '财务%' then '财务' when job_level in ('director', 'manager') then '影响人' else '使用人' end as decision_role,
    sales_rep as owner_ref, answered_at as created_at, no_call_at, opted_out_at
from lead_states where is_accepted;

create table f_crm_opportunities as
select opportunity_id, account_name || '-' || product_zh as opportunity_name, lead_id as lead_ref, 'T' || substr(lead_id, 2) as contact_ref, account_id as account_ref, amount_wan, product_zh as product,
    sales_rep as owner_ref, opened_at, least(proposal_at, coalesce(closed_at, timestamp '9999-12-31')) as proposal_at,
    case when wins or lost_at > negotiation_at then negotiation_at end as negotiation_at, closed_at, wins, stalls,
    ['价格', '选择竞品', '项目取消', '预算不足', '功能不匹配'][1 + pick(rnd(r, 'lost'), 0, 5)] as lost_reason, cast(null as varchar) as fixed_stage, cast(null as bigint) as fixed_probability
from deals;

create table f_company_registry as
select 'REG' || substr(account_id, 2) as registry_id, account_name as company_name, a.credit_code, a.industry_code, a.industry_text, a.headcount, a.revenue_wan as annual_revenue_wan, a.assets_wan,
    nullif(a.standing, '') as company_standing, case when pick(rnd(account_no, 'registry'), 1, 100) < 2 then '注销' else '存续' end as registry_status, 'www.' || a.domain as website, a.province, a.city,
    f.created_at + to_hours(20) as checked_at
from accounts a join f_crm_accounts f using (account_id, account_name)
where pick(rnd(account_no, 'registry'), 0, 100) < 68;
delete from f_company_registry where checked_at >= day_after(getvariable('last_day'), 1);
