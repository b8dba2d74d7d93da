-- Leads of which one in ten is a duplicate. Braces are filled in by identity_at_scale.py.
-- Surnames are as uneven as in life (the smaller of two draws), given names have one character or two.
create macro draw(i, what, n) as cast(hash(i, what) % n as bigint);
create table words as
select '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤' as family,
    '伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建文志国海燕晓东云飞雪梅春鹏宇浩凯婷博佳琳欣怡思远子涵梓轩雨泽嘉豪俊熙诗然可心若曦一诺天成瑞祥永康立新学峰少华宏图振兴家乐' as given,
    '上海|北京|深圳|广州|杭州|苏州|南京|成都|武汉|西安|宁波|青岛|天津|重庆|长沙|郑州|合肥|厦门|无锡|东莞' as places,
    '华辰|云野|星诺|智拓|海晶|盛拓|明力|德程|安驰|泰光|昊辰|宏川|嘉诺|睿航|恒信|中科|远达|博雅|瑞丰|金泰|天宇|凯瑞|鼎盛|万通|创新|联合|东方|新程|启明|力合' as stems,
    '科技|软件|电气|仪器|新材料|医疗设备|自动化|环保|信息技术|机械|化工|电子|物流|食品|生物|能源|教育|传感|泵业|轴承' as trades,
    '市场经理|销售总监|采购经理|总经理|技术主管|运营经理|产品经理|人事专员|财务经理|系统工程师' as titles;
create table companies as
select i, string_split(places, '|')[1 + i % 20] || string_split(stems, '|')[1 + (i // 20) % 30] || string_split(stems, '|')[1 + (i // 600) % 30]
    || string_split(trades, '|')[1 + (i // 18000) % 20] || '有限公司' as company_name, 'c' || i || '.example' as domain
from range({companies}) g(i), words;
create table people as
select g.i as i, family[1 + least(draw(g.i, 'f1', 100), draw(g.i, 'f2', 100))] || given[1 + draw(g.i, 'g1', length(given))]
    || case when draw(g.i, 'long', 10) < 7 then given[1 + draw(g.i, 'g2', length(given))] else '' end as person_name,
    c.company_name, string_split(titles, '|')[1 + draw(g.i, 't', 10)] as job_title,
    '1' || (3 + draw(g.i, 'm', 7)) || lpad(cast(draw(g.i, 'n', 1000000000) as varchar), 9, '0') as mobile,
    'u' || translate(substr(md5(cast(g.i as varchar)), 1, 9), '0123456789', 'ghijklmnop') || '@' || c.domain as email
from range({people}) g(i) cross join words join companies c on c.i = draw(g.i, 'c', {companies});
create table leads as
select 'P' || i as lead_id, i as person_no, person_name, company_name, job_title, email, mobile, '' as kind from people
union all
select 'D' || d, i, person_name, case when kind in ('mobile_typo', 'mobile_swap') then null else company_name end,
    case when kind = 'name' then job_title end,
    case kind when 'email' then email when 'email_typo' then email[1:3] || email[5:] when 'name' then 'private' || d || '@163.com' end,
    case kind when 'mobile' then mobile
        when 'mobile_typo' then mobile[1:10] || cast((cast(mobile[11] as integer) + 3) % 10 as varchar)
        when 'mobile_swap' then mobile[1:6] || mobile[8] || mobile[7] || mobile[9:] end, kind
from (select d, draw(d, 'who', {people}) as i,
    ['mobile', 'mobile', 'mobile', 'mobile', 'email', 'email', 'mobile_typo', 'mobile_swap', 'email_typo', 'name'][1 + draw(d, 'kind', 10)] as kind
    from range({duplicates}) g(d)) join people using (i);
