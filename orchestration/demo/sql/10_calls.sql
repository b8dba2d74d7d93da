-- Sales development: who is called, who answers, and what is said. Facts follow the latent need.
create table pursuits as
with raises as (
    select person_no, min(submitted_at) as raised_at from forms_generated
    where form_purpose in ('demo_request', 'trial_request', 'quote_request', 'contact_us') group by person_no
),
based as materialized (
    select p.person_no, p.need, p.fit, p.activity, p.kind, p.job_level, p.language, p.sdr_rep, p.sales_rep, p.created_at, p.mobile, p.phone,
        r.raised_at, greatest(coalesce(r.raised_at, p.created_at), p.created_at) as base_at, rnd(p.person_no, 'pursuit') as r
    from lead_people p left join raises r using (person_no)
    where coalesce(p.mobile, p.phone) is not null and p.kind <> 'own'
),
chosen as materialized (
    select *, case
        when raised_at is not null then case when pick(r, 0, 100) < 60 then 300 + pick(r, 1, 1500) when pick(r, 0, 100) < 80 then 1800 + pick(r, 1, 9000)
            when pick(r, 0, 100) < 93 then 20000 + pick(r, 1, 160000) end
        when pick(r, 0, 100) < case activity when 'hot' then 85 when 'warm' then 65 when 'moderate' then 42 else 22 end then 86400 + pick(r, 1, 400000)
        end as delay_seconds
    from based
),
opened as (
    select c.*, base_at + to_seconds(delay_seconds) as wished_at from chosen c where delay_seconds is not null
)
select o.* exclude (wished_at),
    case when d.is_work and hour(wished_at) between 9 and 17 then wished_at
        when d.is_work and hour(wished_at) < 9 then at_seconds(d.d, 32700 + pick(r, 2, 5000))
        else at_seconds(n.next_work, 32700 + pick(r, 2, 7000)) end as first_call_at,
    1 + pick(r, 3, 4) as attempts
from opened o
join days d on d.d = cast(o.wished_at as date)
join days n on n.d = day_after(d.d, 1);

create table calls as
with tried as materialized (
    select p.*, attempt, rnd(p.person_no || ':' || attempt, 'call') as c
    from (select *, unnest(generate_series(1, attempts)) as attempt from pursuits) p
),
dated as materialized (
    select t.*, case when attempt = 1 then first_call_at
        else at_seconds(d.next_work, office_seconds(c, 0)) end as called_at
    from tried t join days d on d.d = day_after(cast(t.first_call_at as date), (t.attempt - 1) * (3 + pick(t.r, 4, 9)))
),
answered as (
    select *, case
        when pick(c, 1, 100) < case when need >= 60 then 62 else 45 end then 'connected'
        when need < 35 and pick(c, 1, 100) >= 93 then 'refused'
        else 'no_answer' end as outcome
    from dated where called_at < cast(day_after(getvariable('last_day'), 1) as timestamp)
)
select 'C' || person_no || '-' || attempt as activity_id, *,
    case outcome when 'connected' then case when need >= 60 then 120 + pick(c, 2, 700) else 20 + pick(c, 2, 300) end when 'refused' then 8 + pick(c, 2, 20) else 0 end as duration_seconds,
    case when sdr_rep = 'R-05' and pick(c, 3, 100) < 40 or pick(c, 3, 100) < 12 then 'R-06' else sdr_rep end as rep_ref
from answered;
-- A few customers ring us.
insert into calls
select 'I' || person_no as activity_id, * exclude (activity_id) replace (0 as attempt, at_seconds(cast(called_at as date), 52200 + pick(c, 4, 6000)) + to_days(2) as called_at,
    case when pick(c, 5, 100) < 70 then 'inbound' else 'missed_inbound' end as outcome, case when pick(c, 5, 100) < 70 then 200 + pick(c, 6, 400) else 0 end as duration_seconds)
from calls where attempt = 1 and need >= 62 and pick(c, 7, 100) < 12
    and cast(called_at as date) + 2 <= getvariable('last_day');

create table call_fact_slots as
with tiers as (
    select n, fact_group, fact_kind, unnest([0, 1, 2, 3, 4]) as tier,
        unnest([cast(pct_tier_0 as bigint), cast(pct_tier_1 as bigint), cast(pct_tier_2 as bigint), cast(pct_tier_3 as bigint), cast(pct_tier_4 as bigint)]) as pct
    from w_call_facts
)
select *, sum(pct) over (partition by fact_group, tier order by n) - pct as from_pct, sum(pct) over (partition by fact_group, tier order by n) as to_pct from tiers;
create table call_fact_sentences as
select fact_kind, language, sentence, row_number() over (partition by fact_kind, language order by n) - 1 as sentence_no,
    count(*) over (partition by fact_kind, language) as sentences
from w_call_sentences;

create table call_facts as
with asked as materialized (
    select c.activity_id, c.need, c.language, c.job_level, q.fact_group, cast(q.position as bigint) as position, q.question_zh, q.question_en,
        rnd(c.activity_id || ':' || q.fact_group, 'fact') as f
    from calls c cross join w_call_questions q
    where c.outcome in ('connected', 'inbound') and c.duration_seconds >= 60
      and (q.fact_group = 'need' or c.duration_seconds >= 150 or pick(rnd(c.activity_id || ':' || q.fact_group, 'fact'), 0, 100) < 35)
),
stated as (
    select a.*, case when s.fact_kind = 'speaker_is_decider' and coalesce(a.job_level, '') not in ('c_level', 'vp', 'director') then 'decider_named' else s.fact_kind end as fact_kind
    from asked a
    join call_fact_slots s on s.fact_group = a.fact_group and s.tier = a.need // 20 and pick(a.f, 1, 100) >= s.from_pct and pick(a.f, 1, 100) < s.to_pct
)
select t.activity_id, t.position, t.fact_group, t.fact_kind, t.language, case t.language when 'en' then t.question_en else t.question_zh end as question, s.sentence
from stated t
join call_fact_sentences s on s.fact_kind = t.fact_kind and s.language = t.language and s.sentence_no = draw(t.f, 2) % s.sentences;

create table call_transcripts as
select c.activity_id,
    case any_value(c.language) when 'en' then 'Rep: Hello, this is Chengfan calling.' || chr(10) || 'Customer: Hello, speaking'
        else '销售: 您好，这里是澄帆科技' || chr(10) || '客户: 嗯，你说' end
    || coalesce(chr(10) || string_agg(case f.language when 'en' then 'Rep: ' || f.question || chr(10) || 'Customer: ' || f.sentence
        else '销售: ' || f.question || chr(10) || '客户: ' || f.sentence end, chr(10) order by f.position), '')
    || case any_value(c.language) when 'en' then chr(10) || 'Rep: Thank you, goodbye.' else chr(10) || '销售: 好的，感谢您的时间' end as transcript
from calls c left join call_facts f using (activity_id)
where c.outcome in ('connected', 'inbound') and c.duration_seconds >= 45
group by c.activity_id;
