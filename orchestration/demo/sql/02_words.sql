-- Weighted word lists become slots: a draw picks a slot, an equality join finds the word.
create table surname_slots as
select row_number() over (order by n, i) - 1 as slot, hanzi, pinyin
from w_surnames, generate_series(1, cast(weight as integer)) g(i);
create table given_slots as
select gender, row_number() over (partition by gender order by n) - 1 as slot, hanzi, pinyin from w_given_names;
create table city_slots as
select row_number() over (order by n, i) - 1 as slot, province, city, admin_code, phone_area
from w_cities, generate_series(1, cast(weight as integer)) g(i);
create table industry_slots as
select is_core, row_number() over (partition by is_core order by n, i) - 1 as slot,
    industry_code, industry_text, string_split(name_words, '|') as name_words, domain_tail,
    cast(revenue_per_head_wan as bigint) as revenue_per_head_wan
from w_industries, generate_series(1, cast(weight as integer)) g(i);
create table title_slots as
select band, row_number() over (partition by band order by n, i) - 1 as slot, department, job_level, title_zh, title_en
from (
    select n, 'low' as band, cast(weight_low as integer) as w, department, job_level, title_zh, title_en from w_titles
    union all
    select n, 'high', cast(weight_high as integer), department, job_level, title_zh, title_en from w_titles
) t, generate_series(1, t.w) g(i);
create table page_slots as
select band, row_number() over (partition by band order by n, i) - 1 as slot, path, page_group
from (
    select n, 'low' as band, cast(weight_low as integer) as w, path, page_group from w_pages
    union all
    select n, 'high', cast(weight_high as integer), path, page_group from w_pages
) t, generate_series(1, t.w) g(i);
create table menu_slots as
select band, row_number() over (partition by band order by n, i) - 1 as slot, menu_name
from (
    select n, 'low' as band, cast(weight_low as integer) as w, menu_name from w_menu_entries
    union all
    select n, 'high', cast(weight_high as integer), menu_name from w_menu_entries
) t, generate_series(1, t.w) g(i);
create table source_slots as
select row_number() over (order by n, i) - 1 as slot, source, source_text, cast(need_shift as bigint) as need_shift
from w_sources, generate_series(1, cast(weight as integer)) g(i);
create table product_slots as
select row_number() over (order by n, i) - 1 as slot, product_zh, product_en, cast(list_price_wan as bigint) as list_price_wan
from w_products, generate_series(1, cast(weight as integer)) g(i);
create table slot_counts as
select (select count(*) from surname_slots) as surnames,
    (select count(*) from city_slots) as cities,
    (select count(*) from source_slots) as sources,
    (select count(*) from product_slots) as products,
    (select count(*) from w_foreign_names) as foreign_names,
    (select count(*) from w_foreign_stems) as foreign_stems,
    (select count(*) from w_stem_first) as stem_first,
    (select count(*) from w_stem_second) as stem_second;

-- The programme repeats a year earlier when the asked window reaches back that far (364 days keep the weekday).
create table events as
select e.event_format, e.event_name, e.city, cast(e.cost_cny as bigint) as cost_cny, cast(e.days as integer) as days,
    cast(e.event_on as date) - y.k * 364 as event_on,
    case e.event_format when 'webinar' then 'WB-' else 'EV-' end
        || strftime(cast(e.event_on as date) - y.k * 364, '%Y%m%d') as event_id,
    cast(e.draw_weight as integer) as draw_weight
from w_events e, (select cast(i as integer) as k from generate_series(0, 2) g(i)) y
where cast(e.event_on as date) - y.k * 364 between getvariable('first_day') and getvariable('last_day')
   or y.k = 0;
create table event_slots as
select event_format, event_id, event_on, days,
    row_number() over (partition by event_format order by event_id, i) - 1 as slot,
    count(*) over (partition by event_format) as slots
from events, generate_series(1, draw_weight) g(i)
where event_on between getvariable('first_day') and getvariable('last_day');

create table content as
select content_id, content_kind, content_format, decision_stage, product, industry, language, title, decision_role,
    n as content_no,
    case content_format when 'page' then 'https://www.chengfan.example/resources/'
        else 'https://www.chengfan.example/library/' end || lower(content_id) as url,
    getvariable('first_day') - to_days(cast(400 - n * 5 as integer)) + to_hours(2) as published_at
from w_content;
create table gated_slots as
select language, row_number() over (partition by language order by content_no, i) - 1 as slot, content_id, decision_stage,
    count(*) over (partition by language) as slots
from content, generate_series(1, case decision_stage when 'purchase_decision' then 1 when 'information_search' then 3 else 2 end) g(i)
where content_format = 'pdf' and decision_stage <> 'post_purchase';
create table article_slots as
select row_number() over (order by content_no) - 1 as slot, content_id, decision_stage, count(*) over () as slots
from content where content_format = 'article' and language = 'zh';
