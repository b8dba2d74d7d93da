-- Dirt in CRM records, planted on drawn victims; every plant is written down in `planted` with the rule that should catch it.
create table planted (defect_kind varchar, feed varchar, record_id varchar, attribute varchar, planted_value varchar,
    expected varchar, rule_id varchar, note varchar, on_day date, on_file bigint, on_row bigint);
create table same_people (person_no bigint, record_key varchar, because varchar, rule_id varchar);

create table dirt_kinds as
select row_number() over () - 1 as kind_no, kind from (select unnest([
    'invalid_email', 'fullwidth_email', 'fullwidth_digits', 'phone_extension', 'country_code', 'placeholder_phone', 'role_mailbox', 'disposable_mail',
    'unparsable_date', 'future_date', 'modified_before_created', 'unreachable', 'impossible_mobile', 'malformed_phone', 'absurd_headcount', 'headcount_in_words',
    'null_words', 'emoji_name', 'control_characters', 'html_text', 'traditional_chinese', 'province_spelling', 'formula', 'deleted_in_crm', 'reverted_value',
    'twin_by_mobile', 'twin_by_email', 'twin_by_wecom', 'merged_in_crm',
    'twin_desk_phone', 'twin_name_company', 'twin_typo_email', 'twin_typo_mobile', 'namesake_colleague']) as kind);
create table victims as
with pool as materialized (
    select l.*, p.domain, p.mail_kind, row_number() over (order by rnd(l.person_no, 'dirt')) - 1 as o
    from f_crm_leads l join lead_people p using (person_no)
    where p.kind = 'b2b' and l.email is not null and l.mobile is not null and p.language = 'zh' and p.held_in = 'crm'
      and l.created_at < at_seconds(day_after(getvariable('last_day'), -70), 0) and l.lead_id not in (select lead_id from scanned)
)
select k.kind, o % getvariable('dirt') as i, pool.*
from pool join dirt_kinds k on k.kind_no = o // getvariable('dirt');

create macro variant(i, values_) as values_[1 + i % len(values_)];
create macro fold_wide(t) as translate(t, '0123456789abcdefghijklmnopqrstuvwxyz@.', '０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ＠．');

create table replacements as
select lead_id, kind, case kind
        when 'invalid_email' then variant(i, [replace(email, '@', '@@'), replace(email, '@', '.at.'), split_part(email, '@', 1) || '@', replace(email, '.', ' '), replace(email, '@', '#')])
        when 'fullwidth_email' then fold_wide(email)
        when 'role_mailbox' then variant(i, ['info@', 'sales@', 'service@', 'hr@', 'marketing@']) || domain
        when 'disposable_mail' then split_part(email, '@', 1) || '@' || variant(i, ['10minutemail.com', 'guerrillamail.com', 'mailinator.com', 'getnada.com', 'fakeinbox.com']) end as email,
    case kind
        when 'fullwidth_digits' then fold_wide(mobile)
        when 'country_code' then variant(i, ['+86 ' || mobile, '0086' || mobile, '86-' || mobile[1:3] || '-' || mobile[4:7] || '-' || mobile[8:11], mobile[1:3] || ' ' || mobile[4:7] || ' ' || mobile[8:11], '(+86)' || mobile])
        when 'placeholder_phone' then variant(i, ['13800000000', '13888888888', '11111111111', '13811111111', '12345678901'])
        when 'impossible_mobile' then '12' || mobile[3:11]
        when 'malformed_phone' then variant(i, ['见名片', mobile || '/微信同号', 'tel:' || mobile, '请发邮件', mobile || '（王先生）']) end as mobile,
    case kind when 'phone_extension' then variant(i, ['021-5888' || lpad(cast(i * 37 + 1000 as varchar), 4, '0') || '转8012', '0755-8322' || lpad(cast(i * 37 + 1000 as varchar), 4, '0') || '-601', '+86 10 6500 ' || lpad(cast(i + 2000 as varchar), 4, '0') || ' ext. 22'])
        when 'twin_desk_phone' then '021-6390' || lpad(cast(i * 53 + 1000 as varchar), 4, '0') end as phone,
    case kind when 'emoji_name' then person_name || variant(i, ['😀', '🌹', '🚀', '🙏', '🐟'])
        when 'formula' then variant(i, ['=cmd|''/C calc''!A0', '=HYPERLINK("http://evil.example","x")', '@SUM(1+1)*cmd', '+1+cmd()', '=1+1']) end as person_name,
    case kind when 'control_characters' then company_name[1:3] || chr(7) || company_name[4:] || chr(8203)
        when 'traditional_chinese' then translate(company_name, '广东苏业医药电动软远汇达诚联数据机构', '廣東蘇業醫藥電動軟遠匯達誠聯數據機構') end as company_name,
    case kind when 'province_spelling' then variant(i, ['江苏省', 'Jiangsu', 'JIANGSU PROVINCE', '　江苏　', 'jiangsu sheng']) when 'traditional_chinese' then '江蘇省' when 'null_words' then '-' end as province,
    case kind when 'null_words' then 'Select' end as industry_text, case kind when 'null_words' then 'N/A' end as product_interest,
    case kind when 'html_text' then variant(i, ['<p>想了解<b>营销自动化</b></p>', '<div>请联系我</div>', '需要报价<br/>谢谢', '<a href="http://x.example">看这里</a>', '<p>&nbsp;</p>']) end as need_description,
    case kind when 'unparsable_date' then variant(i, ['2026年13月45日', '昨天', '0000-00-00 00:00:00', '31/31/2026', '上周三']) when 'future_date' then '2029-03-01 10:00:00' end as created_text,
    case kind when 'modified_before_created' then strftime(created_at - to_days(30), '%Y-%m-%d %H:%M:%S') end as modified_text,
    case kind when 'absurd_headcount' then variant(i, ['0', '-50', '99999999']) when 'headcount_in_words' then variant(i, ['约500人', '500-1000人', '一百多人', '保密', '5百']) end as headcount_text,
    case kind when 'reverted_value' then coalesce(job_title, '市场经理') || '（代）' end as reverted_title,
    case kind when 'deleted_in_crm' then at_seconds(day_after(getvariable('last_day'), -cast(5 + i * 9 as integer)), 36000) end as deleted_at
from victims;
update f_crm_leads l set
    email = case when r.kind in ('unreachable', 'twin_by_wecom') then null else coalesce(r.email, l.email) end,
    mobile = case when r.kind in ('unreachable', 'twin_by_wecom', 'twin_by_email') then null else coalesce(r.mobile, l.mobile) end,
    phone = case when r.kind in ('unreachable') then null else coalesce(r.phone, l.phone) end,
    openid = case when r.kind = 'unreachable' then null else l.openid end, unionid = case when r.kind = 'unreachable' then null else l.unionid end,
    wechat_account_id = case when r.kind = 'unreachable' then null else l.wechat_account_id end,
    corp_id = case r.kind when 'unreachable' then null when 'twin_by_wecom' then 'ww_chengfan' else l.corp_id end,
    external_userid = case r.kind when 'unreachable' then null when 'twin_by_wecom' then 'wm' || substr(rnd(l.person_no, 'external userid'), 1, 30) else l.external_userid end,
    person_name = coalesce(r.person_name, l.person_name), company_name = coalesce(r.company_name, l.company_name),
    province = coalesce(r.province, l.province), industry_text = coalesce(r.industry_text, l.industry_text), product_interest = coalesce(r.product_interest, l.product_interest),
    need_description = r.need_description, created_text = r.created_text, modified_text = r.modified_text, headcount_text = r.headcount_text,
    job_title = case when r.kind = 'reverted_value' then coalesce(l.job_title, '市场经理') else l.job_title end,
    reverted_title = case when r.kind = 'reverted_value' then coalesce(l.job_title, '市场经理') || '（代）' end, deleted_at = r.deleted_at
from replacements r where r.lead_id = l.lead_id;

insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select r.kind, 'crm_leads', lead_id, x.attribute,
    coalesce(case x.attribute when 'email' then r.email when 'mobile' then r.mobile when 'phone' then r.phone when 'person_name' then r.person_name when 'company_name' then r.company_name
        when 'province' then r.province when 'need_description' then r.need_description when 'created_at' then r.created_text when 'modified_at' then r.modified_text
        when 'headcount' then r.headcount_text when 'job_title' then r.reverted_title end, ''), x.expected, x.rule_id, x.note,
    case r.kind when 'deleted_in_crm' then cast(r.deleted_at as date) when 'reverted_value' then day_after(getvariable('last_day'), -6) end
from replacements r join (values
    ('invalid_email', 'email', 'flag', 'CLN-005', 'the address is unknown, the person stays'),
    ('fullwidth_email', 'email', 'normalised', '', 'full-width letters become ASCII in staging'),
    ('fullwidth_digits', 'mobile', 'normalised', '', 'full-width digits become ASCII in staging'),
    ('phone_extension', 'phone', 'normalised', '', 'the extension is not part of the number'),
    ('country_code', 'mobile', 'normalised', '', '+86, 0086 and blanks are one number'),
    ('placeholder_phone', 'mobile', 'flag', 'CLN-009', 'reaches nobody; 12345678901 is an impossible range as well'),
    ('role_mailbox', 'email', 'flag', 'CLN-006', 'a shared mailbox is no person'),
    ('disposable_mail', 'email', 'flag', 'CLN-007', 'hides the identity'),
    ('unparsable_date', 'created_at', 'flag', 'CLN-201', 'created_at stays empty'),
    ('future_date', 'created_at', 'flag', 'CLN-116', 'created in 2029'),
    ('modified_before_created', 'modified_at', 'flag', 'CLN-131', 'changed before it was made'),
    ('unreachable', '', 'flag', 'CLN-014', 'no way to reach the person'),
    ('impossible_mobile', 'mobile', 'flag', 'CLN-013', '12 is no Chinese mobile range'),
    ('malformed_phone', 'mobile', 'flag', 'CLN-011', 'words in the number'),
    ('absurd_headcount', 'headcount', 'flag', 'CLN-141', 'nobody, fewer than nobody, or a country'),
    ('headcount_in_words', 'headcount', 'flag', 'CLN-201', 'no number: headcount stays empty'),
    ('null_words', 'province', 'normalised', '', '- and Select and N/A are unknown, not values'),
    ('emoji_name', 'person_name', 'flag', 'CLN-241', 'the person stays'),
    ('control_characters', 'company_name', 'flag', 'CLN-242', 'a bell and a zero-width space in the middle'),
    ('html_text', 'need_description', 'flag', 'CLN-243', 'markup pasted from a page'),
    ('traditional_chinese', 'province', 'kept', '', 'unknown spelling stays as given'),
    ('province_spelling', 'province', 'normalised', 'PLC-010', 'one province, many spellings'),
    ('formula', 'person_name', 'quarantine', 'CLN-004', 'a spreadsheet would run it'),
    ('deleted_in_crm', '', 'tombstone', 'ingest', 'missing from later snapshots'),
    ('reverted_value', 'job_title', 'version', 'ingest', 'A, B, A again leaves A')
) x(kind, attribute, expected, rule_id, note) using (kind);

-- The same person typed twice.
create table twins as
select 'L97' || lpad(cast(row_number() over (order by kind, i) as varchar), 5, '0') as twin_id, *,
    created_at + to_days(cast(20 + i * 7 % 40 as integer)) as twin_at
from victims where kind in ('twin_by_mobile', 'twin_by_email', 'twin_by_wecom', 'merged_in_crm', 'twin_desk_phone', 'twin_name_company', 'twin_typo_email', 'twin_typo_mobile');
insert into f_crm_leads by name
select twin_id as lead_id, case kind when 'twin_by_email' then person_name || '（市场）' when 'twin_by_wecom' then person_name || '总' else person_name end as person_name,
    case when i % 2 = 0 then company_name else replace(company_name, '有限公司', '') end as company_name, job_title,
    case kind when 'twin_by_mobile' then 'twin.demo' || lead_id || '@163.com' when 'twin_by_email' then upper(email) when 'merged_in_crm' then email
        when 'twin_name_company' then 'private.' || lower(lead_id) || '@163.com'
        -- Two letters change places, one is doubled, one is missing.
        when 'twin_typo_email' then variant(i, [email[1] || email[3] || email[2] || email[4:], email[1:2] || email[2:], email[1:2] || email[4:]]) end as email,
    case kind when 'twin_by_mobile' then mobile[1:3] || ' ' || mobile[4:7] || ' ' || mobile[8:11]
        -- One digit is wrong, at the end or in the middle, or two neighbours that differ change places.
        when 'twin_typo_mobile' then case
            when i % 3 = 0 and mobile[8] <> mobile[9] then mobile[1:7] || mobile[9] || mobile[8] || mobile[10:]
            when i % 3 = 1 then mobile[1:10] || cast((cast(mobile[11] as integer) + 3) % 10 as varchar)
            else mobile[1:4] || cast((cast(mobile[5] as integer) + 1) % 10 as varchar) || mobile[6:] end end as mobile,
    case kind when 'twin_desk_phone' then (select r.phone from replacements r where r.lead_id = twins.lead_id) end as phone,
    case kind when 'twin_by_wecom' then 'ww_chengfan' end as corp_id, case kind when 'twin_by_wecom' then 'wm' || substr(rnd(person_no, 'external userid'), 1, 30) end as external_userid,
    province, city, '展会' as source_channel, campaign_ref, sdr_rep, sales_rep, twin_at as created_at,
    case when kind = 'merged_in_crm' then lead_id end as merged_into_ref, case when kind = 'merged_in_crm' then twin_at + to_days(9) end as merged_at
from twins;
insert into same_people
select person_no, 'crm:' || lead_id, kind, '' from twins
union all
select person_no, 'crm:' || twin_id, kind, case kind when 'twin_by_mobile' then 'IDN-002' when 'twin_by_wecom' then 'IDN-005' when 'merged_in_crm' then 'IDN-007' when 'twin_by_email' then 'IDN-001' else 'CMP-001' end from twins
union all
select w.person_no, k.record_key, 'two_crms', case when k.record_key like 'wukong%' then 'IDN-002' else '' end
from (select l.person_no, l.lead_id, w.lead_id as wukong_id from f_crm_leads l join f_wukong_leads w using (person_no)
      where l.mobile is not null and l.lead_id not in (select lead_id from victims)) w,
    lateral (select unnest(['crm:' || w.lead_id, 'wukong:' || w.wukong_id]) as record_key) k;
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select kind, 'crm_leads', twin_id, case kind when 'twin_desk_phone' then 'phone' when 'twin_name_company' then 'company_name' when 'twin_by_mobile' then 'mobile' when 'twin_typo_mobile' then 'mobile' when 'twin_by_wecom' then 'external_userid' when 'merged_in_crm' then 'merged_into_ref' else 'email' end, lead_id, 'merged',
    case kind when 'twin_by_mobile' then 'IDN-002' when 'twin_by_wecom' then 'IDN-005' when 'merged_in_crm' then 'IDN-007' when 'twin_by_email' then 'IDN-001' else 'CMP-001' end, 'same person as ' || lead_id, null
from twins;

-- Two people of one name in one company, told apart by their numbers and addresses.
insert into f_crm_leads by name
select 'L96' || lpad(cast(i + 1 as varchar), 5, '0') as lead_id, person_name, company_name, '财务专员' as job_title, replace(email, '@', '2@') as email,
    '1590' || lpad(cast(i * 6151 % 10000000 as varchar), 7, '0') as mobile, province, city, '展会' as source_channel, sdr_rep, sales_rep,
    created_at + to_days(cast(15 + i * 5 % 40 as integer)) as created_at
from victims where kind = 'namesake_colleague';
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select kind, 'crm_leads', x.record_id, 'mobile', v.lead_id, 'not_merged', 'CMP-001', 'a colleague of the same name as ' || v.lead_id, null
from victims v, lateral (select unnest([v.lead_id, 'L96' || lpad(cast(v.i + 1 as varchar), 5, '0')]) as record_id) x where kind = 'namesake_colleague';

-- Keys that many people share are no keys: a reception's mobile, a mailbox of a business park, a switchboard.
create table hubs as
select l.lead_id, row_number() over (order by rnd(l.person_no, 'hub')) - 1 as o
from f_crm_leads l join lead_people p using (person_no)
where p.kind = 'b2b' and p.held_in = 'crm' and l.lead_id not in (select lead_id from victims) and l.lead_id not in (select lead_id from scanned)
qualify o < 28;
update f_crm_leads l set mobile = case when o < 8 then '13917654980' else l.mobile end, email = case when o between 8 and 15 then 'reception@kaiyuan-park.example' else l.email end,
    phone = case when o >= 16 then '021-58612200转' || (800 + o) else l.phone end
from hubs h where h.lead_id = l.lead_id;
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select case when o < 8 then 'hub_mobile' when o < 16 then 'hub_mailbox' else 'shared_switchboard' end, 'crm_leads', lead_id, case when o < 8 then 'mobile' when o < 16 then 'email' else 'phone' end,
    case when o < 8 then '13917654980' when o < 16 then 'reception@kaiyuan-park.example' else '021-58612200' end, 'not_merged',
    case when o < 8 then 'IDN-002' when o < 16 then 'IDN-001' else '' end, 'beyond the hub limit, or no key at all', null
from hubs;

-- Records that nobody meant seriously, competitors, our own people.
insert into f_crm_leads by name
select 'L98' || lpad(cast(i as varchar), 5, '0') as lead_id, variant(i, ['test', '测试', 'asdf', '111', '测试账号']) as person_name,
    variant(i, ['某公司', 'test company', 'ASDF公司', '', '测试公司']) as company_name, case when i % 3 = 0 then 'test' || i || '@test.com' end as email,
    '1381' || lpad(cast(i * 7919 % 10000000 as varchar), 7, '0') as mobile, '官网注册' as source_channel,
    at_seconds(day_after(getvariable('first_day'), 20 + pick(rnd(i, 'test record'), 0, getvariable('window_days') - 90)), 40000) as created_at
from generate_series(1, 2 * getvariable('dirt')) g(i);
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select 'placeholder_person', 'crm_leads', lead_id, 'person_name', person_name, 'quarantine', 'CLN-001', 'test record', null from f_crm_leads where lead_id like 'L98%'
union all
select 'placeholder_person', 'crm_leads', lead_id, 'person_name', person_name, 'quarantine', case person_name when '=cmd()' then 'CLN-004' else 'CLN-001' end, 'story 13', null from f_crm_leads where lead_id like 'L99013%'
union all
select 'competitor', 'crm_leads', l.lead_id, 'company_name', l.company_name, 'tagged', 'TAG-805', 'excluded as a competitor', null from f_crm_leads l join lead_people p using (person_no) where p.kind = 'competitor'
union all
select 'own_employee', 'crm_leads', l.lead_id, 'email', l.email, 'tagged', 'TAG-808', 'excluded as own staff', null from f_crm_leads l join lead_people p using (person_no) where p.kind = 'own' and l.email like '%@chengfan.example';

-- A record without its id, shown on one day only.
insert into f_crm_leads by name
select cast(null as varchar) as lead_id, '无编号' || i as person_name, company_name, mobile, '展会' as source_channel, day_after(getvariable('last_day'), -cast(3 + i as integer)) as only_on,
    at_seconds(day_after(getvariable('last_day'), -cast(3 + i as integer)), 36000) as created_at
from (select *, row_number() over (order by lead_id) - 1 as i from f_crm_leads where person_no is not null and mobile is not null qualify i < 2);
insert into planted (defect_kind, feed, record_id, attribute, planted_value, expected, rule_id, note, on_day)
select 'blank_required', 'crm_leads', person_name, 'lead_id', '', 'rejected', 'ingest', 'named by person_name: it has no id', only_on from f_crm_leads where lead_id is null;
