-- Companies. The latent fit draws industry, size and standing; some noise stays between it and what can be seen.
create table account_names as
with numbered as materialized (
    select a, rnd(a, 'account') as r, rnd(a, 'account latent') as z, rnd(a, 'account place') as p
    from generate_series(1, getvariable('b2b_people')) g(a)
),
latent as materialized (
    select *, bell(z) as fit,
        bell(rnd(a, 'account need')) as need,
        pick(p, 0, 100) < 10 as is_foreign
    from numbered
),
sized as materialized (
    select *,
        case when pick(r, 0, 100) < 60 + fit * 35 // 99 then '1' else '0' end as is_core,
        case
            when pick(r, 1, 100) < 3 + fit // 6 then 'large'
            when pick(r, 1, 100) < 24 + fit // 2 then 'medium'
            when pick(r, 1, 100) < 62 + fit // 3 then 'small'
            else 'micro'
        end as size_class
    from latent
),
slotted as materialized (
    select s.*, pick(r, 2, n.slots) as industry_slot, pick(p, 1, k.cities) as city_slot, pick(p, 2, k.stem_first) as first_slot,
        pick(p, 3, k.stem_second) as second_slot, pick(p, 4, k.foreign_stems) as foreign_slot, pick(z, 2, 6) as word_no
    from sized s
    join (select is_core, count(*) as slots from industry_slots group by is_core) n on n.is_core = s.is_core
    cross join slot_counts k
),
placed as materialized (
    select s.*, i.industry_code, i.industry_text, i.name_words[1 + pick(s.r, 3, len(i.name_words))] as name_word,
        i.domain_tail, i.revenue_per_head_wan, c.province, c.city, c.admin_code, c.phone_area,
        f.hanzi || s2.hanzi as stem, f.pinyin || s2.pinyin as stem_pinyin, x.name || ' ' || w.word as foreign_stem, x.domain || '-' || lower(w.word) as foreign_domain,
        case size_class when 'large' then 2 + pick(r, 4, 4) when 'medium' then 1 + (pick(r, 4, 100) < 34)::int
            when 'small' then 1 + (pick(r, 4, 100) < 10)::int else 1 end as people
    from slotted s
    join industry_slots i on i.is_core = s.is_core and i.slot = s.industry_slot
    join city_slots c on c.slot = s.city_slot
    join w_stem_first f on f.n = s.first_slot
    join w_stem_second s2 on s2.n = s.second_slot
    join w_foreign_stems x on x.n = s.foreign_slot
    join (select unnest(['Systems', 'Precision', 'Robotics', 'Pharma', 'Software', 'Instruments']) as word, unnest(range(6)) as word_no) w
        on w.word_no = s.word_no
),
counted as materialized (
    select *,
        cast(sum(people) over (order by a rows unbounded preceding) - people as bigint) as people_before,
        case
            when size_class = 'large' then case when industry_code like 'I%' then 300 else 1000 end + pick(r, 5, 60) * pick(r, 6, 60)
            when size_class = 'medium' then case when industry_code like 'I%' then 100 + pick(r, 5, 200) else 300 + pick(r, 5, 700) end
            when size_class = 'small' then case when industry_code like 'I%' then 10 + pick(r, 5, 90) else 20 + pick(r, 5, 280) end
            else 3 + pick(r, 5, 7)
        end as headcount
    from placed
),
named as materialized (
    select *,
        headcount * revenue_per_head_wan * (60 + pick(z, 4, 80)) // 100 as revenue_wan,
        case
            when is_foreign then foreign_stem || ['（中国）有限公司', ' (China) Co., Ltd.', ' GmbH China', ' Technology (Shanghai) Co., Ltd.'][1 + pick(z, 3, 4)]
            else case when pick(z, 5, 100) < 88 then city else province end || stem || name_word
                || case size_class
                    when 'large' then ['集团有限公司', '股份有限公司', '集团股份有限公司'][1 + pick(z, 6, 3)]
                    else ['有限公司', '科技有限公司', '有限责任公司'][1 + pick(z, 6, 3)] end
        end as account_name,
        case when is_foreign then foreign_domain || '-cn' else stem_pinyin || '-' || domain_tail end as domain_stem,
        case
            when is_foreign then ['外资企业', '中外合资', 'WFOE'][1 + pick(z, 7, 3)]
            when size_class = 'large' then ['上市公司', '上市公司', '上市公司', '国企', '国企', '中国500强', '', '', '', '高新技术企业'][1 + pick(z, 7, 10)]
            when size_class = 'medium' then ['高新技术企业', '高新技术企业', '专精特新', '国企', '', '', '', '', '', ''][1 + pick(z, 7, 10)]
            when size_class = 'small' then ['高新技术企业', '专精特新小巨人', '', '', '', '', '', '', '', ''][1 + pick(z, 7, 10)]
            else ''
        end as standing
    from counted
    where people_before < getvariable('b2b_people')
)
select *, domain_stem || case when namesake > 1 then cast(namesake as varchar) else '' end || '.example' as domain
from (select *, row_number() over (partition by domain_stem order by a) as namesake from named);

-- Unified social credit code: 91, division, organisation number with its own check digit (GB 11714), check digit (GB 32100).
-- Unrolled digits in steps of their own: one nested expression takes the optimiser minutes.
create table account_codes as
select a, admin_code, upper(substr(rnd(a, 'organisation'), 1, 8)) as organisation from account_names;
create table account_codes_17 as
with digits as materialized (
    select a, i, [3, 7, 9, 10, 5, 8, 4, 2][i] * (strpos('0123456789ABCDEF', substr(organisation, cast(i as integer), 1)) - 1) as part
    from account_codes, generate_series(1, 8) g(i)
),
checked as (select a, (11 - sum(part) % 11) % 11 as check_no from digits group by a)
select c.a, '91' || c.admin_code || c.organisation || case k.check_no when 10 then 'X' else cast(k.check_no as varchar) end as code_17
from account_codes c join checked k using (a);
create table account_credit_codes as
with digits as materialized (
    select a, i, [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28][i]
        * (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(code_17, cast(i as integer), 1)) - 1) as part
    from account_codes_17, generate_series(1, 17) g(i)
),
checked as (select a, (31 - sum(part) % 31) % 31 as check_no from digits group by a)
select c.a, c.code_17 || substr('0123456789ABCDEFGHJKLMNPQRTUWXY', cast(1 + k.check_no as integer), 1) as credit_code
from account_codes_17 c join checked k using (a);

create table accounts as
select n.a as account_no, 'A' || lpad(cast(n.a as varchar), 7, '0') as account_id, fit, need, is_foreign, size_class,
    account_name, case when is_foreign then foreign_stem else city || stem || name_word end as short_name,
    industry_code, industry_text, headcount, revenue_wan, revenue_wan * (50 + pick(p, 5, 100)) // 100 as assets_wan,
    standing, province, city, phone_area, domain,
    phone_area || '-' || cast(5 + pick(p, 6, 4) as varchar) || lpad(cast(draw(p, 7) * 100 + n.a % 100 as varchar), 7, '0') as switchboard,
    c.credit_code, people, people_before,
    day_after(getvariable('first_day'), pick(p, 0, getvariable('window_days'))) as warm_on,
    size_class = 'large' and fit >= 55 as is_key_account
from account_names n join account_credit_codes c on c.a = n.a;
